import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Digest } from "../kit/digest.ts";
import { digestOfBytes } from "../kit/digest.ts";
import type { Instant } from "../kit/instant.ts";
import { evolve } from "../release/evolve.ts";
import { PersonCommand } from "../release/person-commands.ts";
import { Drive, person } from "../testing/drive.ts";
import { samplePlan } from "../testing/plans.ts";
import { releaseView } from "../view/release.ts";
import { type EvidenceFile, fileKey, safeName } from "./schema.ts";
import { describeFile, filesOf } from "./state.ts";
import { typeByName } from "./types.ts";

const EVE = "2025-06-04T01:00:00.000Z" as Instant;
const digest = digestOfBytes(new TextEncoder().encode("all green"));
const file: EvidenceFile = {
  digest,
  size: 9,
  contentType: "text/plain",
  name: "tests.txt",
  key: fileKey("REL-1", digest),
};
const OPS = person("otto", "Ops");
const answer = (evidence: unknown) =>
  PersonCommand.parse({ type: "AnswerCheck", check: "signed", answer: "yes", evidence });

describe("a file's name", () => {
  it.each([
    ["report.pdf", "report.pdf"],
    ["C:\\Users\\ana\\load test.csv", "load test.csv"],
    ["../../etc/passwd", "passwd"],
    [".htaccess", "htaccess"],
    ['a"b\r\nc<script>.txt', "a_b_c_script_.txt"],
    ["Prüfung – 4.txt", "Prüfung _ 4.txt"],
    ["‮fdp.exe", "_fdp.exe"],
    ["...", "file"],
    ["/", "file"],
    [`${"x".repeat(300)}.json`, `${"x".repeat(115)}.json`],
  ])("%j is kept as %j", (given, kept) => {
    expect(safeName(given)).toBe(kept);
  });

  it("is never a path, never hidden, never long, and stays as it is once it is safe", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 400 }), (given) => {
        const name = safeName(given);
        expect(name).toMatch(/^[\p{L}\p{N}_()-][\p{L}\p{N}._() -]*$/u);
        expect(name.length).toBeLessThanOrEqual(120);
        expect(safeName(name)).toBe(name);
      }),
    );
  });

  it("tells what is in it, where that may be kept", () => {
    expect(typeByName("a.PDF")).toBe("application/pdf");
    for (const name of ["a.html", "a.svg", "a.js", "a", "pdf"]) expect(typeByName(name)).toBeUndefined();
  });
});

describe("evidence", () => {
  it("is words, a link, or a file by its digest and name", () => {
    expect(answer("https://ci.example.com/8")).toMatchObject({ evidence: "https://ci.example.com/8" });
    expect(answer({ digest, name: "a/b.txt" })).toMatchObject({ evidence: { digest, name: "b.txt" } });
    for (const wrong of [
      { digest: "sha256:short", name: "a" },
      { digest },
      { digest, name: "a", key: "releases/OTHER/evidence/x" },
      { digest, name: "a", size: 1 },
    ]) {
      expect(() => answer(wrong), JSON.stringify(wrong)).toThrow();
    }
  });

  it("that is a file stands in the log as what the server found, and in the view", () => {
    const drive = new Drive(samplePlan({ id: "REL-1" }), EVE);
    expect(drive.ask(OPS, answer({ digest, name: "run 8.txt" }), undefined, file).ok).toBe(true);
    const shown = { ...file, name: "run 8.txt" };
    expect(drive.log.find(({ event }) => event.type === "CheckAnswered")?.event).toEqual({
      type: "CheckAnswered",
      check: "signed",
      answer: "yes",
      file: shown,
    });
    const view = releaseView(drive.plan, drive.state, OPS, drive.now);
    expect(view.checklist.find(({ id }) => id === "signed")).toMatchObject({ answer: "yes", file: shown });
    expect(filesOf(drive.plan, drive.state)).toEqual([shown]);
    expect(describeFile(shown)).toBe(`run 8.txt (${digest.slice(0, 19)}, 9 bytes)`);
  });

  it.each([
    ["was never uploaded", undefined],
    ["is another", { ...file, digest: `sha256:${"0".repeat(64)}` as Digest }],
  ])("that %s is not taken, and nothing is answered", (_, found) => {
    const drive = new Drive(samplePlan({ id: "REL-1" }), EVE);
    expect(drive.ask(OPS, answer({ digest, name: "a.txt" }), undefined, found)).toMatchObject({
      ok: false,
      rejection: { kind: "invalid", code: "evidence.missing", message: expect.stringContaining("upload") },
    });
    expect(drive.state.checks.signed).toBeUndefined();
  });

  it("of a step done by hand, or failed, stays with it; so does a validation's", () => {
    const drive = new Drive(samplePlan({ id: "REL-1" }), EVE);
    drive.openGates();
    drive.punctual = false;
    drive.runUntil(({ steps }) => steps.freeze?.status === "running", "2025-06-04T03:00:00.000Z" as Instant);
    const complete = (ok: boolean) =>
      PersonCommand.parse({ type: "CompleteStep", step: "freeze", ok, evidence: { digest, name: "a.txt" } });
    expect(drive.ask(OPS, complete(false), undefined, file).ok).toBe(true);
    expect(drive.state.steps.freeze).toMatchObject({ status: "failed", file: { digest } });
    expect(drive.ask(OPS, complete(true), undefined, { ...file, size: 10 }).ok).toBe(true);
    expect(drive.state.steps.freeze).toMatchObject({ status: "done", file: { size: 10 } });
  });

  it("of events that were written before there were files is read as it was", () => {
    const drive = new Drive(samplePlan({ id: "REL-1" }), EVE);
    const meta = { at: EVE, actor: OPS, by: "psn" };
    const old = [
      { type: "CheckAnswered", check: "signed", answer: "yes", evidence: "ci/8" },
      { type: "StepDone", step: "freeze", evidence: "locked" },
      { type: "ValidationRecorded", validation: "v1", verdict: "pass", result: "fine" },
    ] as const;
    const state = old.reduce((before, event) => evolve(drive.plan, before, event, meta), drive.state);
    expect(state.checks.signed?.evidence).toBe("ci/8");
    expect(state.steps.freeze?.evidence).toBe("locked");
    expect(state.validations.v1).toEqual({ verdict: "pass", result: "fine", at: EVE, by: "psn" });
    expect(filesOf(drive.plan, state)).toEqual([]);
  });
});
