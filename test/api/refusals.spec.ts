import { beforeAll, describe, expect, it } from "vitest";
import { smallPlan } from "../support/small-plan.ts";
import { type Answered, type Sent, type VirtualApi, virtualApi } from "../support/virtual-api.ts";

const ID = "REL-SMALL";
const COMMANDS = `/v1/releases/${ID}/commands`;
const yes = { command: { type: "AnswerCheck", check: "tests-passed", answer: "yes" } };
const MEGABYTE = 1_000_000;

let api: VirtualApi;
beforeAll(async () => {
  api = await virtualApi();
});

/** Refused as RFC 9457 has it, in words, quickly, and without a trace in the table. */
async function refused(status: number, work: () => Promise<Answered>): Promise<Answered> {
  const before = api.writes();
  const began = performance.now();
  const answer = await work();
  expect(answer.text.slice(0, 2_000)).toContain('"code"');
  expect(answer.status).toBe(status);
  expect(answer.headers.get("content-type")).toBe("application/problem+json");
  expect(answer.json).toMatchObject({
    type: expect.stringMatching(/^urn:gonogo:problem:/),
    title: expect.stringMatching(/\S/),
    status,
    detail: expect.stringMatching(/\S/),
    code: expect.stringMatching(/\S/),
  });
  expect(answer.json.title).not.toBe("Refused");
  expect(answer.text).not.toMatch(/node_modules|\.ts:\d|at \w+ \(/);
  expect(api.writes()).toBe(before);
  expect(performance.now() - began).toBeLessThan(5_000);
  return answer;
}

const submit = (text: string, more: Partial<Sent> = {}) =>
  api.ask("POST", "/v1/releases", { as: "pipeline", key: crypto.randomUUID(), body: { text }, ...more });

describe("who does not say who they are", () => {
  it.each([
    ["GET", "/v1/me"],
    ["GET", "/v1/releases"],
    ["GET", `/v1/releases/${ID}`],
    ["GET", `/v1/releases/${ID}/records`],
    ["GET", `/v1/releases/${ID}/documents`],
    ["POST", "/v1/plans/check"],
    ["POST", "/v1/simulations"],
    ["POST", "/v1/releases"],
    ["POST", COMMANDS],
    ["GET", "/v1/nowhere"],
  ])("is asked at %s %s", async (method, path) => {
    const sent = { key: "k", ...(method === "POST" ? { body: yes } : {}) };
    const { headers, json } = await refused(401, () => api.ask(method, path, sent));
    expect(headers.get("www-authenticate")).toBe("Bearer");
    expect(json.detail).toContain("Authorization: Demo");
  });

  it.each([
    ["a stand-in that does not exist", { authorization: "Demo nobody" }],
    ["a bearer token where none is known", { authorization: "Bearer eyJhbGciOiJub25lIn0.e30." }],
    ["a cookie beside another way", { authorization: "Basic eDp5", cookie: "gonogo_person=qa" }],
    ["an empty cookie", { cookie: "gonogo_person=" }],
  ])("and brings %s is not let in", async (_what, headers) => {
    await refused(401, () => api.ask("POST", COMMANDS, { key: "k", body: yes, headers }));
  });

  it.each(["evil.example", "127.0.0.1.evil.example", "localhost.evil.example:4650", "10.0.0.7:4650", ""])(
    "is nobody's stand-in at the host %j",
    async (host) => {
      const sent = { as: "qa", key: "k", body: yes, headers: { host } };
      await refused(403, () => api.ask("POST", COMMANDS, sent));
    },
  );
});

describe("a command", () => {
  it.each([
    ["qa", { type: "Approve", role: "Release Manager", plan: "sha256:0" }],
    ["qa", { type: "Skip", step: "phase-1" }],
    ["devsecops", { type: "AnswerCheck", check: "tests-passed", answer: "yes" }],
    ["on-call-engineer", { type: "Promote", step: "phase-1" }],
  ])("by %s, whose it is not, is refused and recorded: %o", async (as, command) => {
    const count = async () =>
      (await api.ask("GET", `/v1/releases/${ID}/records?limit=500`, { as: "qa" })).json.items as {
        event: { type: string; command?: string; code?: string };
      }[];
    const before = await count();
    const body = { command, reason: "to see what happens" };
    const answer = await api.ask("POST", COMMANDS, { as, key: crypto.randomUUID(), body });
    expect(answer.status).toBe(403);
    expect(answer.headers.get("content-type")).toBe("application/problem+json");
    const after = await count();
    expect(after).toHaveLength(before.length + 1);
    expect(after.at(-1)?.event).toMatchObject({
      type: "CommandRefused",
      command: command.type,
      code: answer.json.code,
    });
  });

  it.each<[string, unknown]>([
    ["no command", {}],
    ["a command that is unknown", { command: { type: "Explode" } }],
    ["a machine's own command", { command: { type: "ShiftPhase", step: "phase-1" } }],
    ["a signal", { command: { type: "ReceiveSignal", signal: {} } }],
    ["an actor of its own", { ...yes, actor: { kind: "machine", name: "rollout" } }],
    ["a field that is unknown", { command: { ...yes.command, force: true } }],
    ["an answer that is a number", { command: { ...yes.command, answer: 1 } }],
    ["an empty reason", { ...yes, reason: "   " }],
    ["a reason of 2001 letters", { ...yes, reason: "x".repeat(2_001) }],
    ["a list", [yes]],
    ["null", "null"],
    ["a name with NUL", { command: { ...yes.command, check: "tests\u0000passed" } }],
    ["a prototype", '{"command":{"type":"AnswerCheck","check":"x","answer":"yes"},"__proto__":{"a":1}}'],
  ])("with %s is refused", async (_what, body) => {
    await refused(422, () => api.ask("POST", COMMANDS, { as: "qa", key: "bad", body }));
  });
});

describe("a body", () => {
  it.each([
    ["that is cut off", '{"command":{"type":"Pau'],
    ["that is no JSON", "gonogo: 1"],
    ["with NUL in it", '{"command":\u0000}'],
    ["that is empty", " "],
  ])("%s is refused", async (_what, body) => {
    await refused(400, () => api.ask("POST", COMMANDS, { as: "qa", key: "bad", body }));
  });

  it.each([
    "text/plain",
    "application/x-www-form-urlencoded",
    "multipart/form-data",
    "application/jsonx",
    "",
  ])("of type %j is refused, whoever sends it", async (type) => {
    for (const path of [COMMANDS, "/v1/releases", "/v1/plans/check", "/v1/simulations"]) {
      const sent = { as: "qa", key: "bad", body: yes, headers: { "content-type": type } };
      const { json } = await refused(415, () => api.ask("POST", path, sent));
      expect(json.detail).toContain("application/json");
    }
  });

  it("of 50 MB is refused, and read no further than it must be", async () => {
    const body = JSON.stringify({ text: "x".repeat(50 * MEGABYTE) });
    for (const path of [COMMANDS, "/v1/releases", "/hooks/generic"]) {
      const headers = { "content-length": String(body.length) };
      await refused(413, () => api.ask("POST", path, { as: "qa", key: "big", body, headers }));
    }
  });

  it("that comes in pieces, without a length, is refused as well", async () => {
    let read = 0;
    const pieces = new ReadableStream<Uint8Array>({
      pull(controller) {
        read += 1;
        if (read > 50) controller.close();
        else controller.enqueue(new Uint8Array(MEGABYTE).fill(0x20));
      },
    });
    const headers = {
      host: "127.0.0.1",
      authorization: "Demo qa",
      "content-type": "application/json",
      "transfer-encoding": "chunked",
    };
    const request = new Request(`http://127.0.0.1${COMMANDS}`, {
      method: "POST",
      headers,
      body: pieces,
      duplex: "half",
    } as RequestInit);
    await refused(413, () => api.raw(request));
    expect(read).toBeLessThan(10);
  });
});

describe("an address", () => {
  it.each([
    "/nowhere",
    "/v1/nowhere",
    "/v1/releases/x/y/z",
    "/hooks",
    "/V1/me",
    "/v1//me",
    "/%00",
    "/v1/%2e%2e/me",
  ])("%s that is unknown is refused", async (path) => {
    await refused(404, () => api.ask("GET", path, { as: "qa" }));
  });

  it.each([
    ["GET", COMMANDS, "POST"],
    ["DELETE", `/v1/releases/${ID}`, "GET"],
    ["PUT", "/v1/releases", "GET, POST"],
    ["PATCH", `/v1/releases/${ID}/records`, "GET"],
    ["POST", "/healthz", "GET"],
    ["GET", "/hooks/sentry", "POST"],
  ])("%s %s is not done there", async (method, path, allowed) => {
    const sent = { as: "qa", headers: { "content-type": "application/json" } };
    const { headers } = await refused(405, () => api.ask(method, path, sent));
    expect(headers.get("allow")).toBe(allowed);
  });

  it.each([
    "..%2F..%2Fetc%2Fpasswd",
    "%2e%2e%5cSTATE",
    "REL-SMALL%00",
    "REL-SMALL%23STATE",
    "__proto__",
    "constructor",
    "%F0%9F%9A%80",
    "REL-SMALL%0d%0aSet-Cookie:%20a=b",
    "rel-small",
  ])("of the release %s leads nowhere", async (id) => {
    for (const rest of ["", "/plan", "/records", "/verification", "/courses", "/documents"]) {
      const { headers } = await refused(404, () => api.ask("GET", `/v1/releases/${id}${rest}`, { as: "qa" }));
      expect(headers.get("set-cookie")).toBeNull();
    }
    const sent = { as: "qa", key: "k", body: yes };
    await refused(404, () => api.ask("POST", `/v1/releases/${id}/commands`, sent));
  });

  it.each([
    `/v1/releases/${"x".repeat(65)}`,
    "/v1/releases?limit=0",
    "/v1/releases?limit=101",
    "/v1/releases?limit=1e9",
    "/v1/releases?limit=x",
    "/v1/releases?status=gone",
    "/v1/releases?after=",
    "/v1/releases?after=%00",
    "/v1/releases?after=2026-05-05",
    `/v1/releases?after=${"x".repeat(100_000)}`,
    `/v1/releases/${ID}/records?after=-1`,
    `/v1/releases/${ID}/records?limit=501`,
    `/v1/releases/${ID}/records?after=1.5`,
    `/v1/releases/${ID}/records?after=99999999999999999999`,
    "/hooks/nobody",
  ])("with a parameter out of bounds is refused: %s", async (path) => {
    const method = path.startsWith("/hooks") ? "POST" : "GET";
    await refused(422, () => api.ask(method, path, { as: "qa", ...(method === "POST" ? { body: {} } : {}) }));
  });

  it("with a broken escape is refused", async () => {
    for (const path of ["/v1/releases/%", "/v1/releases/%E0%A4%A", "/v1/releases?after=%"]) {
      const answer = await api.ask("GET", path, { as: "qa" });
      expect([400, 404, 422]).toContain(answer.status);
      expect(answer.headers.get("content-type")).toBe("application/problem+json");
    }
  });
});

/** Ten lists, each naming the one before ten times: ten thousand million things when written out. */
const bomb = [
  "a: &a [x,x,x,x,x,x,x,x,x,x]",
  ..."bcdefghij".split("").map((name, index) => {
    const before = "abcdefghi"[index];
    return `${name}: &${name} [${Array.from({ length: 10 }, () => `*${before}`).join(",")}]`;
  }),
].join("\n");

const circle = smallPlan({ id: "REL-CIRCLE" })
  .replace("    do: Shift to 10 %", "    needs: [ phase-2 ]\n    do: Shift to 10 %")
  .replace("    do: Shift to 100 %", "    needs: [ phase-1 ]\n    do: Shift to 100 %");

describe("a plan", () => {
  const plan = smallPlan({ id: "REL-BAD" });
  it.each([
    ["nothing", ""],
    ["a word", "yes"],
    ["a list", "- a\n- b"],
    ["binary", "\u0000\u0001\u0002"],
    ["cut off", plan.slice(0, plan.length / 2)],
    ["cut off in a bracket", plan.slice(0, plan.indexOf("{") + 9)],
    ["NUL in a name", plan.replace("A small release", '"A \\0 release"')],
    ["unknown fields", plan.replace("title:", "titel: x\ntitle:")],
    ["the same key twice", plan.replace("title:", "title: x\ntitle:")],
    ["a number for a name", plan.replace("title: A small release", "title: 7")],
    ["another version", plan.replace("gonogo: 1", "gonogo: 2")],
    ["two documents", `${plan}\n---\n${plan}`],
    ["a circle in needs", circle],
    ["a step that needs itself", plan.replace("    do: Shift to 10 %", "    needs: [ phase-1 ]\n    do: x")],
    ["an id with a path in it", smallPlan({ id: "../../etc" })],
    ["an id with # in it", smallPlan({ id: '"REL#SMALL"' })],
    ["an id of 65 letters", smallPlan({ id: "R".repeat(65) })],
    ["a percentage over 100", smallPlan({ id: "REL-BAD", percents: [10, 101] })],
    ["NaN", smallPlan({ id: "REL-BAD", percents: [Number.NaN] })],
    ["a start that is past", smallPlan({ id: "REL-BAD", start: "2020-01-01T00:00:00Z" })],
    ["a start that is none", smallPlan({ id: "REL-BAD", start: "soon" })],
    ["a bomb of aliases", `${bomb}\n${plan}`],
    ["only a bomb of aliases", bomb],
    ["a merge of itself", `a: &a\n  <<: *a\n${plan}`],
    ["an anchor in itself", `a: &a [*a]\n${plan}`],
    ["deep brackets", "[".repeat(100_000)],
    ["deep brackets, closed", `${"[".repeat(20_000)}${"]".repeat(20_000)}`],
    ["deep braces", `gonogo: ${'{"a":'.repeat(20_000)}1${"}".repeat(20_000)}`],
    ["deep blocks", Array.from({ length: 1_000 }, (_, at) => `${" ".repeat(at)}a:`).join("\n")],
    ["a key of a megabyte", `${"k".repeat(MEGABYTE)}: 1`],
    ["50,000 steps", `${plan}${"x".repeat(1)}: [${"1,".repeat(50_000)}]`],
    ["a prototype", `__proto__: { gonogo: 1 }\n${plan}`],
    ["a function that is not there", plan.replace("function: orders-api", "function: elsewhere")],
  ])("that is %s is refused when it is submitted", async (_what, text) => {
    const { json } = await refused(422, () => submit(text));
    expect(String(json.detail).length).toBeLessThan(1_000);
  });

  it.each([
    ["a bomb of aliases", bomb],
    ["deep brackets", "[".repeat(100_000)],
    ["deep blocks", Array.from({ length: 1_000 }, (_, at) => `${" ".repeat(at)}a:`).join("\n")],
    ["a circle in needs", circle],
  ])("that is %s does not stop what only looks at it", async (_what, text) => {
    const before = api.writes();
    const checked = await api.ask("POST", "/v1/plans/check", { as: "qa", body: { text } });
    expect(checked).toMatchObject({ status: 200, json: { ok: false } });
    const simulated = await api.ask("POST", "/v1/simulations", { as: "qa", body: { text } });
    expect(simulated.status).toBe(422);
    const preview = await api.ask("POST", "/v1/plans/preview", { as: "qa", body: { text } });
    expect([200, 422]).toContain(preview.status);
    const documents = [{ name: "plan.md", text }];
    const imported = await api.ask("POST", "/v1/plans/import", { as: "qa", body: { documents } });
    expect([200, 422]).toContain(imported.status);
    expect(api.writes()).toBe(before);
  });

  it("that would be the second of its name is refused", async () => {
    const before = api.writes();
    const body = { text: smallPlan({ watch: "7 min" }) };
    const answer = await api.ask("POST", "/v1/releases", { as: "pipeline", key: "second", body });
    expect(answer.status).toBe(409);
    // The attempt stands in the log of the release that it was about.
    expect(api.writes()).toBeGreaterThan(before);
  });
});
