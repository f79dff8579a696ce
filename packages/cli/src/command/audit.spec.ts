import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Stage } from "../testing/stage.ts";

const stage = new Stage();
let records: readonly Record<string, unknown>[];
beforeAll(async () => {
  await stage.open();
  records = JSON.parse(JSON.stringify(stage.release(30).log));
});
afterAll(() => stage.close());

type Change = (log: Record<string, unknown>[]) => unknown;

const verify = (content: unknown, ...args: string[]) =>
  stage.gonogo(
    [
      "audit",
      "verify",
      stage.file("log.json", typeof content === "string" ? content : JSON.stringify(content)),
      ...args,
    ],
    {
      env: { GONOGO_SERVER: "http://127.0.0.1:9" },
    },
  );

describe("gonogo audit verify, of a file", () => {
  it.each<[string, (log: readonly object[]) => unknown]>([
    ["a bare list", (log) => log],
    ["an export", (log) => ({ release: "REL-1", records: log })],
    ["a page of the API", (log) => ({ items: log })],
    ["a record a line", (log) => log.map((one) => JSON.stringify(one)).join("\n")],
  ])("takes %s", async (_, form) => {
    const { code, stdout } = await verify(form(records));
    expect(code).toBe(0);
    expect(stdout).toContain(
      `log.json (REL-1): whole, ${records.length} records; the last is ${records.at(-1)?.digest}`,
    );
  });

  it.each<[string, number, Change]>([
    ["edited", 3, (log) => Object.assign(log[2] ?? {}, { reason: "never said" })],
    ["removed", 4, (log) => log.splice(3, 1)],
    ["inserted", 5, (log) => log.splice(4, 0, log[1] ?? {})],
    ["reordered", 6, (log) => log.splice(5, 2, log[6] ?? {}, log[5] ?? {})],
    ["spliced", 7, (log) => Object.assign(log[6] ?? {}, { release: "REL-2" })],
  ])("names what was %s, and the first place", async (kind, seq, change) => {
    const log = structuredClone(records) as Record<string, unknown>[];
    change(log);
    const { code, stdout } = await verify(log);
    expect(code).toBe(1);
    expect(stdout).toContain(`: ${kind} at record ${seq}: `);
    const json = await verify(log, "--json");
    expect(JSON.parse(json.stdout)).toMatchObject({ ok: false, found: { class: kind, seq } });
  });

  it("sees a cut-off end where the export has the head", async () => {
    const head = { ok: true, records: records.length, head: records.at(-1)?.digest };
    const { code, stdout } = await verify({
      release: "REL-1",
      verification: head,
      records: records.slice(0, -2),
    });
    expect(code).toBe(1);
    expect(stdout).toContain(`truncated at record ${records.length - 1}`);
  });

  it.each([
    ["{", "JSON"],
    ['{"a":1}', "no list of records"],
    ["[]", "the list of records is empty"],
    ["[1]", "entry 1 is no audit record"],
    ['[{"release":"R","seq":1,"prev":"x"}]', "entry 1 is no audit record"],
    ['{"a":1}\n{"b":', "log.json:2"],
    ["[".repeat(20_000), "log.json"],
  ])("refuses %j with a reason", async (text, why) => {
    const { code, stderr } = await verify(text);
    expect(code).toBe(1);
    expect(stderr).toContain(why);
    expect(stderr).not.toContain("did not expect");
  });
});

describe("gonogo audit, of a release", () => {
  it("verifies it on the server", async () => {
    const { code, stdout } = await stage.gonogo(["audit", "verify", "REL-1"]);
    expect(code).toBe(0);
    expect(stdout).toContain(`REL-1: whole, ${records.length} records`);
  });

  it("prints every record, over all pages, with the names of people", async () => {
    const { code, stdout } = await stage.gonogo(["audit", "log", "REL-1"]);
    expect(code).toBe(0);
    const lines = stdout.split("\n").filter((line) => /^ +\d+ {2}\d\d:\d\d:\d\d/.test(line));
    expect(lines.map((line) => Number(line.trim().split(" ")[0]))).toEqual(records.map(({ seq }) => seq));
  });

  it("begins where it is told, and says where the log ends", async () => {
    const { stdout } = await stage.gonogo(["audit", "log", "REL-1", "--from", "12", "--json"]);
    expect(JSON.parse(stdout).records[0].seq).toBe(12);
    const { stderr } = await stage.gonogo(["audit", "log", "REL-1", "--from", "9999"]);
    expect(stderr).toContain(`the log of REL-1 ends with record ${records.length}`);
  });
});
