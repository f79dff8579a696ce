import { describe, expect, it } from "vitest";
import type { Actor } from "../actor/schema.ts";
import type { AuditKeyCommand } from "./commands.ts";
import { decideAuditKey } from "./decide.ts";
import { evolveAuditKey } from "./evolve.ts";
import { type AuditKeyState, FIRST_AUDIT_KEY } from "./state.ts";

const CHANGE: AuditKeyCommand = { type: "ChangeAuditKey" };
const record = (to: string): AuditKeyCommand => ({ type: "RecordAuditKey", from: "sha256:a", to, size: 7 });
const person = (...roles: string[]): Actor => ({ kind: "person", id: "psn_1", roles });
const CHECKPOINT: Actor = { kind: "machine", name: "checkpoint" };

function decide(
  body: AuditKeyCommand,
  actor: Actor,
  reason?: string,
  state: AuditKeyState = FIRST_AUDIT_KEY,
) {
  const asking = { id: "c", at: "2026-01-05T00:00:00.000Z" as never, actor, reason };
  return decideAuditKey(state, asking, body);
}

describe("a change of the audit's key", () => {
  it.each([["Release Manager"], ["Security Officer"]])("is asked for by a %s, with a reason", (role) => {
    const decision = decide(CHANGE, person(role), "yearly");
    expect(decision).toEqual({ ok: true, events: [{ type: "AuditKeyChangeAsked" }] });
  });

  it.each([
    [person("QA"), "yearly", "audit-key.not-your-role"],
    [CHECKPOINT, "yearly", "audit-key.not-your-role"],
    [person("Release Manager"), undefined, "audit-key.no-reason"],
    [person("Release Manager"), "  ", "audit-key.no-reason"],
  ])("is not, by %j because %j", (actor, reason, code) => {
    expect(decide(CHANGE, actor, reason)).toMatchObject({ ok: false, rejection: { code } });
  });

  it("is asked for once at a time, and recorded once", () => {
    const asked = evolveAuditKey(FIRST_AUDIT_KEY, { type: "AuditKeyChangeAsked" });
    expect(decide(CHANGE, person("Release Manager"), "again", asked)).toMatchObject({
      rejection: { code: "audit-key.under-way" },
    });
    const told = decide(record("sha256:b"), CHECKPOINT, undefined, asked);
    expect(told).toEqual({
      ok: true,
      events: [{ type: "AuditKeyChanged", from: "sha256:a", to: "sha256:b", size: 7 }],
    });
    const done = evolveAuditKey(asked, {
      type: "AuditKeyChanged",
      from: "sha256:a",
      to: "sha256:b",
      size: 7,
    });
    expect(done).toEqual({ isAsked: false, heirs: ["sha256:b"] });
    expect(decide(record("sha256:b"), CHECKPOINT, undefined, done)).toEqual({ ok: true, events: [] });
    expect(decide(CHANGE, person("Release Manager"), "next year", done)).toMatchObject({ ok: true });
  });
});
