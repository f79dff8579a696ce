import type { KeyEntry } from "@gonogo/core/key/state";
import type { Digest } from "@gonogo/core/kit/digest";
import { fromMillis, type Instant, toMillis } from "@gonogo/core/kit/instant";
import { describe, expect, it } from "vitest";
import { apiTokens, newApiToken } from "./api-token.ts";
import { identifyBy } from "./index.ts";
import { digestOfKey, withKeys } from "./key.ts";

const now = "2026-03-01T12:20:00.000Z" as Instant;
const { token } = newApiToken();
const configured = newApiToken();

function entry(more: Partial<KeyEntry> = {}): KeyEntry {
  return {
    id: "key_0",
    name: "ci-orders",
    digest: digestOfKey(token),
    scopes: ["release:read"],
    roles: ["QA"],
    createdAt: now,
    by: "psn_gita",
    reason: "",
    expiresAt: "2026-06-01T00:00:00.000Z" as Instant,
    ...more,
  };
}

function asking(kept: KeyEntry | undefined) {
  const used: [Digest, Instant][] = [];
  const asked: Digest[] = [];
  const store = {
    key: async (digest: Digest) => {
      asked.push(digest);
      return digest === kept?.digest ? kept : undefined;
    },
    keyUsed: async (digest: Digest, at: Instant) => {
      used.push([digest, at]);
    },
  };
  const known = apiTokens([{ name: "old", sha256: configured.sha256, roles: [] }]);
  const identify = withKeys(identifyBy([known]), store);
  const ask = (given: string, when = now) =>
    identify(new Headers({ authorization: `Bearer ${given}` }), when);
  return { ask, used, asked };
}

describe("a tool's key", () => {
  it("is its tool, with its roles, for its scopes", async () => {
    expect(await asking(entry()).ask(token)).toEqual({
      ok: true,
      actor: { kind: "tool", id: "ci-orders", roles: ["QA"] },
      name: "ci-orders",
      scopes: ["release:read"],
    });
  });

  it("is remembered as used once an hour, to the hour", async () => {
    const { ask, used } = asking(entry());
    for (const minutes of [0, 1, 39, 41]) await ask(token, fromMillis(toMillis(now) + minutes * 60_000));
    expect(used.map(([, at]) => at)).toEqual(["2026-03-01T12:00:00.000Z", "2026-03-01T13:00:00.000Z"]);
  });

  it.each<[string, Partial<KeyEntry>, RegExp]>([
    ["that expired", { expiresAt: now }, /expired at/],
    ["that was withdrawn", { revoked: { at: now, by: "psn_gita", reason: "leaked" } }, /was withdrawn/],
  ])("%s opens nothing, says why, and is no guess", async (_what, more, why) => {
    const { ask, used } = asking(entry(more));
    const who = await ask(token);
    expect(who).toEqual({ ok: false, status: 401, message: expect.stringMatching(why), who: "ci-orders" });
    expect(used).toEqual([]);
  });

  it.each([
    ["another", newApiToken().token],
    ["one that is too short", token.slice(0, -1)],
    ["one that is too long", `${token}x`],
    ["its digest", `gonogo_${digestOfKey(token).slice(7)}`],
  ])("is not %s: that is a guess", async (_what, given) => {
    expect(await asking(entry()).ask(given)).toMatchObject({ ok: false, status: 401, guess: true });
  });

  it("is asked for where no other way fits, and only then", async () => {
    const { ask, asked } = asking(entry());
    expect(await ask(configured.token)).toMatchObject({ ok: true, name: "old" });
    expect(await ask("eyJ.e30.x")).toMatchObject({ ok: false });
    expect(asked).toEqual([]);
  });
});
