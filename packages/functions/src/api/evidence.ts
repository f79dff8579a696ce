import type { FileAddress, UploadAddress } from "@gonogo/client/contract";
import { type Actor, principal } from "@gonogo/core/actor/schema";
import { rolesOf } from "@gonogo/core/authority/authority";
import { FILE_TYPES, FileDigest, FileName, fileKey, LARGEST_FILE } from "@gonogo/core/evidence/schema";
import { filesOf } from "@gonogo/core/evidence/state";
import { minutes } from "@gonogo/core/kit/duration";
import { oneOf } from "@gonogo/core/kit/text";
import type { Loaded } from "@gonogo/core/release/ports";
import { spokenStatus } from "@gonogo/core/release/spoken";
import { hasEnded } from "@gonogo/core/release/state";
import { createRoute, type OpenAPIHono, z } from "@hono/zod-openapi";
import type { Api, Serving } from "./context.ts";
import { answers } from "./plans.ts";
import { REFUSALS, Refusal } from "./problem.ts";
import { load } from "./releases.ts";

/** Time enough for the largest file over a slow line, and for its retry. */
const UPLOAD_WITHIN = minutes(30);
const DOWNLOAD_WITHIN = minutes(5);
/** Files of one release: what is kept cannot be deleted, so nobody may fill the bucket. */
const MOST_FILES = 200;

const Id = z.object({ id: z.string().min(1).max(64) });
const Upload = z
  .strictObject({
    name: FileName,
    contentType: z.enum(FILE_TYPES, { error: `is none of ${FILE_TYPES.join(", ")}` }),
    size: z
      .number()
      .int()
      .min(1, "an empty file shows nothing")
      .max(LARGEST_FILE, `at most ${LARGEST_FILE} bytes; link what is larger`),
    digest: FileDigest,
  })
  .openapi("EvidenceUpload");

const tags = ["Evidence"];
const routes = {
  upload: createRoute({
    method: "post",
    path: "/v1/releases/{id}/evidence",
    tags,
    summary: "Where to upload a file that is evidence",
    description:
      "Answers with a request that uploads this file and no other. When it is made, refer to the file in an " +
      "answer: `evidence: { digest, name }`. There is no `upload` where the file is there already.",
    request: { params: Id, body: { required: true, content: { "application/json": { schema: Upload } } } },
    responses: { 200: answers<UploadAddress>("Where to."), ...REFUSALS },
  }),
  download: createRoute({
    method: "get",
    path: "/v1/releases/{id}/evidence/{digest}",
    tags,
    summary: "A file that was given as evidence",
    description: "Answers with a short-lived address, from which it is saved and never shown.",
    request: { params: Id.extend({ digest: FileDigest }) },
    responses: { 200: answers<FileAddress>("Where from."), ...REFUSALS },
  }),
};

export function addEvidence(app: OpenAPIHono<Api>, runtime: Serving): void {
  app.openapi(routes.upload, async (c) => {
    const { id } = c.req.valid("param");
    const { name, contentType, size, digest } = c.req.valid("json");
    const { plan, state } = await load(runtime, id);
    expectRole(plan, c.get("actor"));
    if (hasEnded(state.status)) {
      throw new Refusal(
        409,
        "evidence.ended",
        `the release is ${spokenStatus(state.status)}: nothing is answered any more`,
      );
    }
    const key = fileKey(id, digest);
    const there = await runtime.objects.head(key);
    if (there?.digest === digest) return c.json({ digest, name }, 200);
    const others = await runtime.objects.list(fileKey(id, PREFIX), { limit: MOST_FILES });
    if (others.items.length >= MOST_FILES) {
      throw new Refusal(409, "evidence.full", `the release has ${MOST_FILES} files already; link this one`);
    }
    const wanted = { key, size, digest, contentType, expiresIn: UPLOAD_WITHIN };
    runtime.log.info("an upload was let in", {
      release: id,
      by: principal(c.get("actor")),
      size,
      contentType,
    });
    return c.json({ digest, name, upload: await runtime.objects.uploadUrl(wanted) }, 200);
  });
  app.openapi(routes.download, async (c) => {
    const { id, digest } = c.req.valid("param");
    const { plan, state } = await load(runtime, id);
    expectRole(plan, c.get("actor"));
    const all = [...filesOf(plan, state), ...(state.archive?.files ?? [])];
    const file = all.find((one) => one.digest === digest);
    if (file === undefined) {
      const message = `neither an answer in ${id} nor its archive has a file with that digest`;
      throw new Refusal(404, "evidence.unknown", message);
    }
    const { key, contentType, name: fileName } = file;
    const wanted = { key, contentType, fileName, expiresIn: DOWNLOAD_WITHIN };
    c.header("cache-control", "private, no-store");
    return c.json({ file, download: await runtime.objects.downloadUrl(wanted) }, 200);
  });
}

/** All files of a release begin with this, before their digests. */
const PREFIX = "sha256:" as Parameters<typeof fileKey>[1];

/** Files are for those who have a part in the release. */
function expectRole(plan: Loaded["plan"], actor: Actor): void {
  const roles = actor.kind === "person" || actor.kind === "tool" ? actor.roles : [];
  const known = rolesOf(plan);
  if (roles.some((role) => known.has(role))) return;
  const message = `you hold no role in this release; its roles are ${oneOf([...known].sort(), "and")}`;
  throw new Refusal(403, "command.no-role", message);
}
