import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import type { Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { personId } from "@gonogo/core/actor/schema";
import { createAdaptorServer } from "@hono/node-server";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { runCli } from "../../packages/cli/src/testing/run-cli.ts";
import { rotate } from "../support/rotate.ts";
import { type VirtualApi, virtualApi } from "../support/virtual-api.ts";

const ID = "REL-SMALL";
const QA = personId("demo", "qa");
const folder = mkdtempSync(join(tmpdir(), "gonogo-auditor-"));
const file = (name: string) => join(folder, name);
let api: VirtualApi;
let server: Server;
let address: string;

beforeAll(async () => {
  api = await virtualApi({ changeAuditKey: async () => void (await rotate(api.simulation.control)) });
  server = createAdaptorServer({
    fetch: async (request: Request) => {
      const { status, headers, text } = await api.raw(request);
      return new Response(text, { status, headers });
    },
  }) as Server;
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  expect((await api.ask("GET", `/v1/releases/${ID}/attestation`, { as: "qa" })).status).toBe(404);
  expect(await gonogo("audit", "key")).toMatchObject({ code: 1 });
  expect(await api.simulation.runToEnd()).toBe(true);
  await api.simulation.control.clock.advance(600_000);
}, 60_000);
afterAll(() => {
  server?.close();
  api?.simulation.stop();
  rmSync(folder, { recursive: true });
});

/** The real command, against the real API on the virtual clock. */
function gonogo(...args: string[]) {
  return runCli(args, { cwd: folder, env: { GONOGO_SERVER: address, GONOGO_AS: "release-manager" } });
}

/** With no server at all, as an auditor has it. */
function offline(...args: string[]) {
  return runCli(args, { cwd: folder, env: { GONOGO_SERVER: "http://127.0.0.1:9" } });
}

describe("an auditor", () => {
  it("gets one file and the key, and verifies the file without a server", async () => {
    const key = await gonogo("audit", "key");
    expect(key.code).toBe(0);
    writeFileSync(file("audit.pem"), key.stdout);
    const made = await gonogo("audit", "export", "--out", "all.jsonl");
    expect(made).toMatchObject({ code: 0, stdout: expect.stringContaining("as signed at") });
    const verified = await offline("audit", "verify", "bundle", "all.jsonl", "--key", "audit.pem");
    expect(verified.stdout).toMatch(/all\.jsonl: whole, \d+ records of 1 log/);
    expect(verified.code).toBe(0);
    expect((await gonogo("audit", "export", "--out", "all.jsonl")).stderr).toContain("such a file already");
  });

  it("is told what was done to the file, and where", async () => {
    const lines = readFileSync(file("all.jsonl"), "utf8").split("\n");
    const at = lines.findIndex((line) => line.includes('"kind":"record"')) + 4;
    writeFileSync(
      file("bad.jsonl"),
      lines
        .toSpliced(at, 1)
        .join("\n")
        .replace(/"lines":(\d+)/, (_, n) => `"lines":${n - 1}`),
    );
    const found = await offline("audit", "verify", "bundle", "bad.jsonl", "--key", "audit.pem", "--json");
    expect(found.code).toBe(1);
    expect(JSON.parse(found.stdout)).toMatchObject({ ok: false, found: [{ class: "cut", release: ID }] });
    const short = await offline("audit", "verify", "bundle", "bad.jsonl", "--key", "audit.pem");
    expect(short.stdout).toContain("bad.jsonl: cut at line");
  });

  it("trusts no other key, and no file without one", async () => {
    const { LocalSigner } = await import("@gonogo/adapters/kms/local");
    const { toPem } = await import("@gonogo/core/audit/signature");
    writeFileSync(file("other.pem"), toPem(await LocalSigner.generate().publicKey()));
    const other = await offline("audit", "verify", "bundle", "all.jsonl", "--key", "other.pem");
    expect(other).toMatchObject({ code: 1, stdout: expect.stringContaining("key-changed at line 1") });
    expect((await offline("audit", "verify", "bundle", "all.jsonl")).code).toBe(2);
    const none = await offline("audit", "verify", "bundle", "all.jsonl", "--key", "all.jsonl");
    expect(none.stderr).toContain("no public key");
  });

  it("finds that a server was set back, against an earlier file and against the bucket's copy", async () => {
    const { control } = api.simulation;
    const { anchors, objects } = control.runtime;
    const newest = await control.during(() => anchors.newestCheckpoint());
    const size = newest?.checkpoint.size ?? 0;
    const name = `audit/checkpoints/${String(size).padStart(8, "0")}.json`;
    const copy = await control.during(() => objects.get(name));
    writeFileSync(file("checkpoint.json"), copy?.body ?? "");
    const ok = ["audit", "verify", "bundle", "all.jsonl", "--key", "audit.pem", "--against"];
    expect(await offline(...ok, "checkpoint.json")).toMatchObject({ code: 0 });
    const lines = readFileSync(file("all.jsonl"), "utf8")
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line));
    const first = lines.find((line) => line.kind === "checkpoint");
    const { size: small } = first.checkpoint;
    const kept = lines.filter((line) => line === first || (line.kind === "leaf" && line.index < small));
    const { bundleLines } = await import("@gonogo/core/audit/make-bundle");
    const old = [];
    const source = {
      key: lines[0].key,
      checkpoints: [{ checkpoint: first.checkpoint, signature: first.signature }],
      successions: [],
      leaves: kept.filter(({ kind }) => kind === "leaf").map(({ leaf }) => leaf),
      async *records(_: string, seq: number) {
        yield lines
          .filter((line) => line.kind === "record" && line.record.seq <= seq)
          .map(({ record }) => record);
      },
    };
    for await (const line of bundleLines(source, "all")) old.push(JSON.stringify(line));
    writeFileSync(file("old.jsonl"), old.join("\n"));
    expect(await offline("audit", "verify", "bundle", "old.jsonl", "--key", "audit.pem")).toMatchObject({
      code: 0,
    });
    for (const against of ["all.jsonl", "checkpoint.json"]) {
      const back = ["audit", "verify", "bundle", "old.jsonl", "--key", "audit.pem", "--against", against];
      expect(await offline(...back)).toMatchObject({
        code: 1,
        stdout: expect.stringContaining("truncated at"),
      });
    }
  });

  it("sees how far a release is anchored, and what the log over all says", async () => {
    const one = await gonogo("audit", "verify", ID);
    expect(one).toMatchObject({ code: 0, stdout: expect.stringMatching(/anchored up to record \d+/) });
    const status = await gonogo("audit", "status");
    expect(status.stdout).toMatch(/gonogo\/releases: \d+ leaves\nsigned at /);
  });
});

describe("the statement about a release", () => {
  it("is signed, says who approved what and how it ended, and is of this release's log", async () => {
    const attested = await gonogo("release", "attest", ID, "--key", "audit.pem");
    expect(attested).toMatchObject({ code: 0, stderr: expect.stringContaining("signed by that key") });
    const { payload, payloadType } = JSON.parse(attested.stdout);
    expect(payloadType).toBe("application/vnd.in-toto+json");
    const { state, seq, head } = await api.simulation.load();
    const statement = JSON.parse(Buffer.from(payload, "base64").toString());
    expect(statement).toMatchObject({
      _type: "https://in-toto.io/Statement/v1",
      subject: [{ digest: { sha256: state.plan.slice(7) } }, { digest: { sha256: head.slice(7) } }],
      predicate: {
        release: ID,
        outcome: "completed",
        plan: state.plan,
        approvals: [{ role: "Release Manager", plan: state.plan }],
        versions: [{ component: "orders-api", previous: "41", next: "42" }],
        log: { records: seq, head },
      },
    });
    expect(statement.predicate.verdicts).toContainEqual(
      expect.objectContaining({ of: "phase", id: "phase-1", verdict: "pass" }),
    );
    const other = await gonogo("release", "attest", ID, "--key", "other.pem");
    expect(other).toMatchObject({ code: 1, stderr: expect.stringContaining("not signed by that key") });
  });

  it("holds for the bytes it was signed over only", async () => {
    const { Envelope, openEnvelope } = await import("@gonogo/core/audit/attestation");
    const { fromPem } = await import("@gonogo/core/audit/signature");
    const key = fromPem(readFileSync(file("audit.pem"), "utf8"));
    if (key === undefined) throw new Error("no key");
    const { json } = await api.ask("GET", `/v1/releases/${ID}/attestation`, { as: "qa" });
    const envelope = Envelope.parse(json.envelope);
    expect(await openEnvelope(key, envelope)).toMatchObject({ predicate: { release: ID } });
    const text = Buffer.from(envelope.payload, "base64").toString();
    const lie = Buffer.from(text.replace('"completed"', '"aborted"')).toString("base64");
    expect(await openEnvelope(key, { ...envelope, payload: lie })).toBeUndefined();
    expect(await openEnvelope(key, { ...envelope, payloadType: "text/plain" })).toBeUndefined();
  });
});

describe("a person's name", () => {
  const namesIn = async () =>
    (await api.ask("GET", `/v1/releases/${ID}/records?limit=500`, { as: "qa" })).json.names as Record<
      string,
      string
    >;

  it("is erased by who may, on record, and the logs are as whole as before", async () => {
    expect(await namesIn()).toHaveProperty(QA);
    const before = await gonogo("audit", "verify", ID, "--json");
    const refused = await runCli(["audit", "forget", QA, "--reason", "no"], {
      env: { GONOGO_SERVER: address, GONOGO_AS: "devsecops" },
    });
    expect(refused.code).toBe(4);
    expect(await namesIn()).toHaveProperty(QA);
    expect(await gonogo("audit", "forget", QA, "--reason", "request 4711")).toMatchObject({ code: 0 });
    expect(await namesIn()).not.toHaveProperty(QA);
    expect((await gonogo("audit", "verify", ID, "--json")).stdout).toBe(before.stdout);
    const { json } = await api.ask("GET", "/v1/audit/logs/deployment", { as: "qa" });
    const types = (json.items as { event: { type: string }; reason?: string }[]).map(
      ({ event }) => event.type,
    );
    expect(types).toEqual(["CommandRefused", "NameForgotten"]);
    expect(JSON.stringify(json)).not.toContain("Diallo");
  });

  it("does not come back with the next thing that the person does", async () => {
    const body = { command: { type: "Pause" }, reason: "once more" };
    await api.ask("POST", `/v1/releases/${ID}/commands`, { as: "qa", key: "again", body });
    expect(await namesIn()).not.toHaveProperty(QA);
  });

  it("is everyone's own to have erased", async () => {
    const own = await runCli(["audit", "forget", personId("demo", "devsecops"), "--reason", "my own"], {
      env: { GONOGO_SERVER: address, GONOGO_AS: "devsecops" },
    });
    expect(own.code).toBe(0);
    expect((await gonogo("audit", "forget", "somebody", "--reason", "x")).code).toBe(1);
  });

  it("is in no bundle, and the erasure is", async () => {
    await api.simulation.control.clock.advance(600_000);
    expect(await gonogo("audit", "export", "--out", "later.jsonl")).toMatchObject({ code: 0 });
    const text = readFileSync(file("later.jsonl"), "utf8");
    expect(text).toContain("NameForgotten");
    for (const { name } of api.simulation.people) expect(text).not.toContain(name);
    const goesOn = [
      "audit",
      "verify",
      "bundle",
      "later.jsonl",
      "--key",
      "audit.pem",
      "--against",
      "all.jsonl",
    ];
    expect(await offline(...goesOn)).toMatchObject({ code: 0 });
  });
});

describe("the key of the log", () => {
  it("is changed by who may, and every file verifies on with either key", async () => {
    const refused = await runCli(["audit", "rotate", "--reason", "no"], {
      env: { GONOGO_SERVER: address, GONOGO_AS: "devsecops" },
    });
    expect(refused.code).toBe(4);
    const rotated = await gonogo("audit", "rotate", "--reason", "yearly");
    expect(rotated).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/goes on under sha256:[0-9a-f]{64}/),
    });
    const next = await gonogo("audit", "key");
    writeFileSync(file("next.pem"), next.stdout);
    expect(next.stdout).not.toBe(readFileSync(file("audit.pem"), "utf8"));
    expect((await gonogo("audit", "status")).stdout).toContain("its key was changed at");
    expect(await gonogo("audit", "export", "--out", "rotated.jsonl")).toMatchObject({ code: 0 });
    const verify = ["audit", "verify", "bundle", "rotated.jsonl", "--against", "all.jsonl"];
    for (const key of ["audit.pem", "next.pem"]) {
      const verified = await offline(...verify, "--key", key);
      expect(verified).toMatchObject({
        code: 0,
        stdout: expect.stringMatching(/from \d+ leaves on with sha256:/),
      });
    }
    expect(await offline(...verify, "--key", "other.pem")).toMatchObject({ code: 1 });
    // And an older file is a beginning of a newer one, which knows of the change; not the other way round.
    const back = [
      "audit",
      "verify",
      "bundle",
      "all.jsonl",
      "--key",
      "next.pem",
      "--against",
      "rotated.jsonl",
    ];
    expect(await offline(...back)).toMatchObject({ code: 1 });
    const attested = await gonogo("release", "attest", ID, "--key", "next.pem");
    expect(attested).toMatchObject({
      code: 1,
      stderr: expect.stringContaining("but says that it is by sha256:"),
    });
    expect(await gonogo("release", "attest", ID, "--key", "audit.pem")).toMatchObject({ code: 0 });
  });
});
