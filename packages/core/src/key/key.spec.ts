import { describe, expect, it } from "vitest";
import type { Actor } from "../actor/schema.ts";
import { type Digest, digestOf } from "../kit/digest.ts";
import { days, minutes } from "../kit/duration.ts";
import { type Instant, plus } from "../kit/instant.ts";
import type { KeyCommand } from "./commands.ts";
import { decideKey } from "./decide.ts";
import { evolveKey } from "./evolve.ts";
import { NewKey } from "./schema.ts";
import { isGood, type KeyState, MOST_KEYS, NO_KEYS } from "./state.ts";

const now = "2026-03-01T12:00:00.000Z" as Instant;
const gita: Actor = { kind: "person", id: "psn_gita", roles: ["Governance"] };
const otto: Actor = { kind: "person", id: "psn_otto", roles: ["CTO"] };
const ci: Actor = { kind: "tool", id: "ci", roles: ["Governance"] };

const create = (more: Partial<Extract<KeyCommand, { type: "CreateKey" }>> = {}): KeyCommand => ({
  type: "CreateKey",
  name: "ci-orders",
  digest: digestOf("one"),
  scopes: ["release:write", "release:read", "release:write"],
  roles: ["Release Manager"],
  expiresAt: plus(now, days(30)),
  ...more,
});
const ask = (state: KeyState, command: KeyCommand, actor: Actor = gita, at = now, reason = "the pipeline") =>
  decideKey(state, { actor, reason, at }, command);

function after(state: KeyState, command: KeyCommand, at = now): KeyState {
  const decision = ask(state, command, gita, at);
  if (!decision.ok) throw new Error(decision.rejection.message);
  const meta = { at, actor: gita, by: "psn_gita", reason: "the pipeline" };
  return decision.events.reduce((next, event) => evolveKey(next, event, meta), state);
}

describe("a key", () => {
  it("is made by a person of Governance, known by the beginning of its digest, with each scope once", () => {
    const { entries } = after(NO_KEYS, create());
    expect(entries).toEqual([
      {
        id: `key_${digestOf("one").slice(7, 19)}`,
        name: "ci-orders",
        digest: digestOf("one"),
        scopes: ["release:read", "release:write"],
        roles: ["Release Manager"],
        createdAt: now,
        by: "psn_gita",
        reason: "the pipeline",
        expiresAt: plus(now, days(30)),
      },
    ]);
  });

  const cases: [string, KeyCommand, Actor, string][] = [
    ["by another role", create(), otto, "key.not-your-role"],
    ["by a tool, whatever its roles: no key makes another", create(), ci, "key.not-your-role"],
    ["that has expired", create({ expiresAt: now }), gita, "key.expired"],
    ["for ever", create({ expiresAt: "9999-01-01T00:00:00.000Z" as Instant }), gita, "key.too-long"],
    [
      "for a year and a minute",
      create({ expiresAt: plus(plus(now, days(366)), minutes(1)) }),
      gita,
      "key.too-long",
    ],
    ["that is not there", { type: "RevokeKey", key: "key_000000000000" }, gita, "key.unknown"],
  ];
  it.each(cases)("%s is refused", (_what, command, actor, code) => {
    expect(ask(NO_KEYS, command, actor)).toMatchObject({ ok: false, rejection: { code } });
  });

  it("is not made without a reason, and not twice of one secret, withdrawn or not", () => {
    expect(ask(NO_KEYS, create(), gita, now, " ")).toMatchObject({ rejection: { code: "key.no-reason" } });
    const made = after(NO_KEYS, create());
    expect(ask(made, create({ name: "other" }))).toMatchObject({ rejection: { code: "key.known" } });
    const [entry] = made.entries;
    const withdrawn = after(made, { type: "RevokeKey", key: entry?.id ?? "" });
    expect(ask(withdrawn, create())).toMatchObject({ rejection: { code: "key.known" } });
  });

  it("is good until it expires or is withdrawn, which its maker may do and is done once", () => {
    const made = after(NO_KEYS, create());
    const [entry] = made.entries;
    if (entry === undefined) throw new Error("it is not there");
    expect(isGood(entry, plus(now, days(29)))).toBe(true);
    expect(isGood(entry, entry.expiresAt)).toBe(false);
    const revoke: KeyCommand = { type: "RevokeKey", key: entry.id };
    expect(ask(made, revoke, otto)).toMatchObject({ rejection: { code: "key.not-your-role" } });
    const formerly: Actor = { kind: "person", id: "psn_gita", roles: [] };
    expect(ask(made, revoke, formerly)).toMatchObject({ ok: true, events: [{ type: "KeyRevoked" }] });
    const [gone] = after(made, revoke).entries;
    expect(gone).toMatchObject({ revoked: { at: now, by: "psn_gita", reason: "the pipeline" } });
    expect(gone && isGood(gone, now)).toBe(false);
    expect(ask(after(made, revoke), revoke)).toEqual({ ok: true, events: [] });
  });

  it("is one of a hundred at most, and what is over makes room without being forgotten at once", () => {
    let state = NO_KEYS;
    const nth = (n: number) => create({ name: `ci-${n}`, digest: digestOf(n) as Digest });
    for (let n = 0; n < MOST_KEYS; n++) state = after(state, nth(n));
    expect(ask(state, nth(MOST_KEYS))).toMatchObject({ rejection: { code: "key.too-many" } });
    const later = plus(now, days(31));
    for (let n = 0; n < 50; n++) {
      state = after(
        state,
        create({ digest: digestOf(`later ${n}`), expiresAt: plus(later, days(1)) }),
        later,
      );
    }
    expect(state.entries).toHaveLength(MOST_KEYS + 50);
    const muchLater = plus(later, days(2));
    state = after(
      state,
      create({ digest: digestOf("last"), expiresAt: plus(muchLater, days(1)) }),
      muchLater,
    );
    expect(state.entries).toHaveLength(MOST_KEYS + 1);
    expect(state.entries.at(-1)?.digest).toBe(digestOf("last"));
  });

  it.each([
    ["no scope", { scopes: [] }],
    ["a scope that is none", { scopes: ["everything"] }],
    ["a name with a space", { name: "the pipeline" }],
    ["the secret in the place of its digest", { digest: `gonogo_${"x".repeat(43)}` }],
    ["something besides", { token: "gonogo_x" }],
  ])("with %s is not even asked for", (_what, wrong) => {
    const { type: _, ...asked } = create() as Extract<KeyCommand, { type: "CreateKey" }>;
    expect(NewKey.safeParse(asked).success).toBe(true);
    expect(NewKey.safeParse({ ...asked, ...wrong }).success).toBe(false);
  });
});
