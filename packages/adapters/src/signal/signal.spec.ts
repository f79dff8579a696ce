import { createHmac } from "node:crypto";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { MAX_SIGNAL_BYTES, readBody, tooLarge } from "./answer.ts";
import { jsonPlace } from "./json-place.ts";
import { bearsPassword, bearsToken, isSigned } from "./proof.ts";
import { bytes, hasVectors, vector } from "./vectors.testing.ts";

describe("the place where a text stops being JSON", () => {
  it.each([
    ['{"a": 1,}', 1, 9],
    ['{\n  "a": nope\n}', 2, 9],
    ["not json", 1, 2],
    ['{"a": 1', 1, 8],
    ["", 1, 1],
    ['{"a": 1} x', 1, 10],
    ["[1, 2,, 3]", 1, 7],
  ])("of %j is line %i, column %i", (text, line, column) => {
    expect(jsonPlace(text)).toEqual({ line, column });
  });

  it("is never outside of the text", () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (before, after) => {
        const text = `${JSON.stringify({ before })}${after}]`;
        const { line, column } = jsonPlace(text);
        const lines = text.split("\n");
        expect(column).toBeGreaterThan(0);
        expect(column).toBeLessThanOrEqual((lines[line - 1]?.length ?? 0) + 1);
      }),
    );
  });
});

describe("a body", () => {
  const schema = z.object({ alerts: z.array(z.object({ at: z.string() })) });

  it("says where it is not as expected", () => {
    expect(readBody(schema, bytes({ alerts: [{ at: "x" }, { at: 3 }] }), "the group")).toMatchObject({
      ok: false,
      status: 400,
      message: expect.stringMatching(/^the group at alerts\.1\.at: /),
    });
  });

  it("that is not UTF-8 is refused", () => {
    expect(readBody(schema, new Uint8Array([0xff, 0xfe, 0x7b]), "the group")).toMatchObject({
      status: 400,
      message: "the group is not UTF-8",
    });
  });

  it("that is too large is refused with 413", () => {
    expect(tooLarge(new Uint8Array(MAX_SIGNAL_BYTES))).toBeUndefined();
    expect(tooLarge(new Uint8Array(MAX_SIGNAL_BYTES + 1))).toMatchObject({ status: 413 });
  });
});

describe("a proof", () => {
  const sign = (secret: string, text: string) => createHmac("sha256", secret).update(text).digest("hex");

  it("holds for the secret, and for the one before it", () => {
    expect(isSigned(sign("new", "body"), ["body"], ["new", "old"])).toBe(true);
    expect(isSigned(sign("old", "body"), ["body"], ["new", "old"])).toBe(true);
  });

  it("is not given by another secret, a changed body, half a digest, or no secret at all", () => {
    expect(isSigned(sign("other", "body"), ["body"], ["new"])).toBe(false);
    expect(isSigned(sign("new", "body"), ["body "], ["new"])).toBe(false);
    expect(isSigned(sign("new", "body").slice(0, 32), ["body"], ["new"])).toBe(false);
    expect(isSigned(sign("", "body"), ["body"], [""])).toBe(false);
    expect(isSigned(null, ["body"], ["new"])).toBe(false);
  });

  it("is a token or a password, whole and in its own scheme", () => {
    const bearing = (authorization: string) => new Headers({ authorization });
    expect(bearsToken(bearing("Bearer abc"), ["abc"])).toBe(true);
    expect(bearsToken(bearing("Bearer abcd"), ["abc"])).toBe(false);
    expect(bearsToken(bearing("Basic abc"), ["abc"])).toBe(false);
    expect(bearsToken(new Headers(), [""])).toBe(false);
    expect(bearsPassword(bearing(`Basic ${btoa("prom:secret")}`), ["prom:secret"])).toBe(true);
    expect(bearsPassword(bearing(`Basic ${btoa("prom:")}`), ["prom:secret"])).toBe(false);
  });
});

describe.skipIf(!hasVectors)("published signatures (shared/vectors, skipped without it)", () => {
  interface Published {
    readonly provider: string;
    readonly secret?: string;
    readonly body?: string;
    readonly signature?: string;
    readonly headers?: Readonly<Record<string, string>>;
    readonly expect?: string;
  }
  const all: Published[] = hasVectors ? JSON.parse(vector("webhook-signature-vectors.json")) : [];
  const whole = all.filter((one) => one.secret !== undefined && one.body !== undefined);

  it("has five of them", () => expect(whole).toHaveLength(5));

  it.each(whole)("$provider $expect", (one) => {
    const stamp = one.headers?.["X-Slack-Request-Timestamp"];
    const given = one.signature ?? one.headers?.["X-Slack-Signature"] ?? "";
    const parts = [...(stamp === undefined ? [] : [`v0:${stamp}:`]), one.body ?? ""];
    expect(isSigned(given.split("=")[1] ?? "", parts, [one.secret ?? ""])).toBe(one.expect === undefined);
  });
});
