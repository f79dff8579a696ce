import type { SignedRequest } from "@gonogo/core/evidence/port";
import { digestOfBytes } from "@gonogo/core/kit/digest";
import { PASSAGE } from "@gonogo/local/s3/passage";
import { beforeEach, describe, expect, it } from "vitest";
import { type VirtualApi, virtualApi } from "../support/virtual-api.ts";

const ID = "REL-SMALL";
const WAYS = `/v1/releases/${ID}/evidence`;
const body = new TextEncoder().encode("812 of 812 tests are green\n");
const digest = digestOfBytes(body);
const wanted = { name: "C:\\ci\\tests.txt", contentType: "text/plain", size: body.byteLength, digest };
const checked = (evidence: unknown) => ({
  command: { type: "AnswerCheck", check: "tests-passed", answer: "yes", evidence },
});

let api: VirtualApi;
beforeEach(async () => {
  api = await virtualApi();
});

const upload = async (changes: object = {}, as = "qa") =>
  await api.ask("POST", WAYS, { as, body: { ...wanted, ...changes } });
const answer = async (evidence: unknown, key: string, as = "qa") =>
  await api.ask("POST", `/v1/releases/${ID}/commands`, { as, key, body: checked(evidence) });
const signedIn = (json: Record<string, unknown>, what: "upload" | "download") => json[what] as SignedRequest;

describe("a file as evidence", () => {
  it("is uploaded, shown for an answer, recorded, fetched again, and stands in the document", async () => {
    const asked = await upload();
    expect(asked.status).toBe(200);
    expect(asked.json).toMatchObject({ digest, name: "tests.txt" });
    const request = signedIn(asked.json, "upload");
    expect(request.url.startsWith(`${PASSAGE}/`)).toBe(true);
    expect((await api.follow(request, body)).status).toBe(200);
    expect((await answer({ digest, name: "tests.txt" }, "k1")).status).toBe(200);

    const { json } = await api.ask("GET", `/v1/releases/${ID}/records`, { as: "qa" });
    const records = json.items as { event: Record<string, unknown> }[];
    const answered = records.find(({ event }) => event.type === "CheckAnswered")?.event;
    expect(answered).toEqual({
      type: "CheckAnswered",
      check: "tests-passed",
      answer: "yes",
      file: {
        digest,
        size: body.byteLength,
        contentType: "text/plain",
        name: "tests.txt",
        key: `releases/${ID}/evidence/${digest.slice(7)}`,
      },
    });
    expect(JSON.stringify(records)).not.toContain("X-Amz-");
    expect(JSON.stringify(records)).not.toContain("812 of 812");

    const found = await api.ask("GET", `${WAYS}/${digest}`, { as: "devsecops" });
    expect(found.headers.get("cache-control")).toContain("no-store");
    const got = await api.follow(signedIn(found.json, "download"));
    expect(got.text).toBe("812 of 812 tests are green\n");
    expect(got.headers.get("content-disposition")).toMatch(/^attachment; filename="tests.txt"/);
    expect(got.headers.get("content-security-policy")).toBe("default-src 'none'; sandbox");
    expect(got.headers.get("x-content-type-options")).toBe("nosniff");

    const documents = await api.ask("GET", `/v1/releases/${ID}/documents`, { as: "qa" });
    expect(documents.text).toContain(`tests.txt (${digest.slice(0, 19)}, 27 bytes)`);
  });

  it("is uploaded once", async () => {
    await api.follow(signedIn((await upload()).json, "upload"), body);
    const again = await upload({ name: "other.txt" });
    expect(again.json).toEqual({ digest, name: "other.txt" });
  });

  it.each([
    [{ size: 25_000_001 }, 422, "at most 25000000 bytes"],
    [{ size: 0 }, 422, "an empty file shows nothing"],
    [{ contentType: "text/html" }, 422, "is none of text/plain"],
    [{ contentType: "image/svg+xml" }, 422, "is none of text/plain"],
    [{ digest: "sha256:abc" }, 422, "64 hex digits"],
    [{ key: "releases/OTHER/evidence/x" }, 422, "key"],
  ])("%j is not let in", async (changes, status, said) => {
    const refused = await upload(changes);
    expect(refused.status).toBe(status);
    expect(refused.text).toContain(said);
  });

  it("is not believed to be there, nor to be what it is said to be", async () => {
    const early = await answer({ digest, name: "tests.txt" }, "k1");
    expect(early.status).toBe(422);
    expect(early.json).toMatchObject({ code: "evidence.missing" });
    const request = signedIn((await upload()).json, "upload");
    const other = new TextEncoder().encode("811 of 812 tests are green\n");
    expect((await api.follow(request, other)).text).toContain("BadDigest");
    expect((await api.follow(request, body.slice(1))).text).toContain("SignatureDoesNotMatch");
    const html = { ...request, headers: { ...request.headers, "content-type": "text/html" } };
    expect((await api.follow(html, body)).text).toContain("SignatureDoesNotMatch");
    expect((await answer({ digest, name: "tests.txt" }, "k2")).status).toBe(422);
    const records = await api.ask("GET", `/v1/releases/${ID}/records`, { as: "qa" });
    expect(records.text).toContain('"code":"evidence.missing"');
  });

  it("of another release is none of this one", async () => {
    const { control } = api.simulation;
    const key = `releases/OTHER/evidence/${digest.slice(7)}`;
    await control.during(() =>
      control.runtime.objects.put({ key, body, contentType: "text/plain", ifPresent: "replace" }),
    );
    expect((await answer({ digest, name: "tests.txt" }, "k1")).json.code).toBe("evidence.missing");
  });

  it("is for those who have a part in the release, and only what was shown is given out", async () => {
    expect((await upload({}, "pipeline")).json.code).toBe("command.no-role");
    expect((await api.ask("POST", WAYS, { body: wanted })).status).toBe(401);
    await api.follow(signedIn((await upload()).json, "upload"), body);
    const unshown = await api.ask("GET", `${WAYS}/${digest}`, { as: "qa" });
    expect([unshown.status, unshown.json.code]).toEqual([404, "evidence.unknown"]);
    await answer({ digest, name: "tests.txt" }, "k1");
    expect((await api.ask("GET", `${WAYS}/${digest}`, { as: "pipeline" })).status).toBe(403);
    expect((await api.ask("GET", `${WAYS}/${digest}`, { as: "qa" })).status).toBe(200);
  });

  it("is asked for again when its address is old", async () => {
    const request = signedIn((await upload()).json, "upload");
    await api.simulation.control.clock.advance(30 * 60_000);
    const late = await api.follow(request, body);
    expect([late.status, late.text.includes("Request has expired")]).toEqual([403, true]);
  });

  it("is not let in once the release has ended", async () => {
    await api.ask("POST", `/v1/releases/${ID}/commands`, {
      as: "release-manager",
      key: "stop",
      body: { command: { type: "Abort" }, reason: "not today" },
    });
    expect((await upload()).json.code).toBe("evidence.ended");
  });

  it("cannot be had past the API: what is not signed is not handed on", async () => {
    await api.follow(signedIn((await upload()).json, "upload"), body);
    const key = `releases/${ID}/evidence/${digest.slice(7)}`;
    const host = "evidence.s3.us-east-1.amazonaws.com";
    for (const method of ["GET", "PUT"]) {
      const bare = await api.raw(new Request(`http://127.0.0.1${PASSAGE}/${host}/${key}`, { method }));
      expect(bare.status).toBe(403);
    }
    const elsewhere = await api.raw(
      new Request(
        `http://127.0.0.1${PASSAGE}/lambda.us-east-1.amazonaws.com/2015-03-31/functions?X-Amz-Signature=x`,
      ),
    );
    expect(elsewhere.status).toBe(403);
    const { url } = signedIn(
      (await upload({ name: "b", digest: `sha256:${"0".repeat(64)}` })).json,
      "upload",
    );
    const bent = await api.raw(
      new Request(new URL(url, "http://127.0.0.1"), {
        method: "PUT",
        headers: { "x-amz-target": "DynamoDB_20120810.ListTables" },
        body: "{}",
      }),
    );
    expect(bent.text).toContain("SignatureDoesNotMatch");
  });

  it("that cannot be looked for keeps nobody from answering with words", async () => {
    const { kernel } = api.simulation.control.engine;
    kernel.fault = async ({ service }, proceed) =>
      service === "s3" ? { status: 503, headers: {}, body: new Uint8Array() } : await proceed();
    const refused = await answer({ digest, name: "tests.txt" }, "k1");
    expect([refused.status, refused.json.code]).toEqual([503, "evidence.unavailable"]);
    expect((await answer("ci run 812", "k2")).status).toBe(200);
  });
});
