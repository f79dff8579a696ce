import type { Erasure } from "@gonogo/client/contract";
import type { AuditRecord } from "@gonogo/core/audit/schema";
import type { DeploymentRecord } from "@gonogo/core/deployment/events";
import { DEPLOYMENT } from "@gonogo/core/deployment/state";
import { askedIn } from "@gonogo/core/erasure/accounted";
import { mayErase } from "@gonogo/core/erasure/decide";
import { type Erasable, erasableIn, erasedIn, placeOf, repeating } from "@gonogo/core/erasure/find";
import { createRoute, type OpenAPIHono, z } from "@hono/zod-openapi";
import { MOST_ERASED, recordsOf } from "../events/erase.ts";
import { execute } from "../execute.ts";
import { executeForDeployment } from "../execute-deployment.ts";
import type { Api, Serving } from "./context.ts";
import { answers } from "./plans.ts";
import { REFUSALS, Refusal, refusalOf } from "./problem.ts";
import { Id, json, Key, load } from "./releases.ts";

const Asked = z
  .strictObject({
    record: z.int().min(1).max(99_999_999).describe("The record's number."),
    fields: z
      .array(z.string().regex(/^\/(?:reason$|event\/)/, "is /reason, or a field below /event"))
      .min(1)
      .max(50)
      .optional()
      .describe("Which texts of it, as pointers such as /event/note; unset: all."),
    only: z
      .boolean()
      .default(false)
      .describe("Those alone. Otherwise what repeats them in other records of the log goes with them."),
    reason: z
      .string()
      .trim()
      .min(1)
      .max(2_000)
      .describe("Why, such as the number of a request. It stays on record: it says nothing of the text."),
    dryRun: z.boolean().default(false).describe("Only tell which texts it would be; nothing is recorded."),
  })
  .openapi("EraseTexts");

const route = createRoute({
  method: "post",
  path: "/v1/audit/logs/{id}/erasures",
  tags: ["Audit"],
  summary: "Have texts of a record erased, of a release or of the `deployment`; the chain stays whole",
  description:
    "On record at once, and done as soon as that record is signed, within fifteen minutes. It cannot be taken back.",
  request: { params: Id, headers: Key, body: json(Asked) },
  responses: { 200: answers<Erasure>("Which texts, and how far it is."), ...REFUSALS },
});

type Records = readonly (AuditRecord | DeploymentRecord)[];

/** Erasing what people typed: it is looked for here, recorded by the one path, and done by events/erase.ts. */
export function addErasures(app: OpenAPIHono<Api>, runtime: Serving): void {
  app.openapi(route, async (c) => {
    const { id } = c.req.valid("param");
    const { record, fields, only, reason, dryRun } = c.req.valid("json");
    const actor = c.get("actor");
    const ask = async (texts: readonly Erasable[]): Promise<number> => {
      const places = texts.map(({ seq, pointer, digest }) => ({ seq, pointer, digest }));
      const body = { type: "EraseTexts", texts: places } as const;
      const request = { id: c.req.valid("header")["idempotency-key"], actor, reason, body };
      const outcome =
        id === DEPLOYMENT
          ? await executeForDeployment(runtime, request)
          : await execute(runtime, { release: id, ...request });
      if (!outcome.ok) throw refusalOf(outcome.rejection);
      return outcome.seq;
    };
    const { seq } = id === DEPLOYMENT ? await runtime.store.deployment() : await load(runtime, id);
    // Refused on record, before anything is looked for.
    if (!mayErase(actor)) await ask([]);
    const records = await recordsOf(runtime, id, seq);
    const before = askedBefore(records, record, fields);
    if (before !== undefined) return c.json(before, 200);
    const chosen = chosenIn(records, record, fields);
    const texts = only ? chosen : [...chosen, ...repeating(records, chosen)];
    refuseWhatRepeats(reason, texts);
    const result: Erasure = dryRun
      ? { status: "not asked", texts: texts.map(shown) }
      : { status: "asked", seq: await ask(texts), texts: texts.map(placed) };
    return c.json(result, 200);
  });
}

/** The same asked again is answered as it stands: that a text is to go is recorded once. */
function askedBefore(
  records: Records,
  record: number,
  fields: readonly string[] | undefined,
): Erasure | undefined {
  const asked = askedIn(records);
  const found = records.filter(({ seq }) => seq === record);
  const wanted = (one: { readonly pointer: string }) => fields?.includes(one.pointer) ?? true;
  const gone = found.flatMap(erasedIn).filter(wanted);
  const there = found.flatMap(erasableIn).filter(wanted);
  const texts = [...gone, ...there];
  const by = texts.flatMap((text) => asked.get(placeOf(text)) ?? []);
  const seq = Math.max(...by.map((one) => one.seq));
  if (texts.length === 0 || by.length < texts.length) return undefined;
  return { status: there.length === 0 ? "erased" : "asked", seq, texts: texts.map(placed) };
}

function chosenIn(records: Records, record: number, fields: readonly string[] | undefined): Erasable[] {
  const found = records.find(({ seq }) => seq === record);
  if (found === undefined) {
    const detail = `the log ends with record ${records.length}; there is no record ${record}`;
    throw new Refusal(404, "erasure.no-record", detail);
  }
  const there = erasableIn(found);
  const missing = fields?.find((field) => !there.some(({ pointer }) => pointer === field));
  if (missing === undefined && there.length > 0) {
    return there.filter(({ pointer }) => fields?.includes(pointer) ?? true);
  }
  const which = there.length === 0 ? "" : `; what can is ${there.map(({ pointer }) => pointer).join(", ")}`;
  const what = missing === undefined ? "nothing" : `no ${missing}`;
  const detail = `record ${record} has ${what} that can be erased${which}. Plans, ids and roles cannot be, nor texts from before they had salts`;
  throw new Refusal(422, "erasure.nothing", detail);
}

/** Shorter texts are in too many words. */
const SHORTEST = 4;

function refuseWhatRepeats(reason: string, texts: readonly Erasable[]): void {
  if (texts.some(({ text }) => reason === text || (text.length >= SHORTEST && reason.includes(text)))) {
    const detail = "the reason repeats the text, and stays on record; say why in other words";
    throw new Refusal(422, "erasure.reason-repeats", detail);
  }
  const count = new Set(texts.map(({ seq }) => seq)).size;
  if (count > MOST_ERASED) {
    const detail = `it stands in ${count} records, and one erasure takes ${MOST_ERASED}: ask for one field, or with \`only\` record by record`;
    throw new Refusal(422, "erasure.too-many", detail);
  }
}

function placed({ seq, pointer }: { readonly seq: number; readonly pointer: string }) {
  return { seq, pointer };
}

function shown({ seq, pointer, text }: Erasable) {
  return { seq, pointer, text };
}
