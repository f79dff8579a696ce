import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { countedBy, networkOf, sourceOf } from "./source.ts";

describe("where a request comes from", () => {
  it.each<[string, string | undefined, string | undefined, object]>([
    ["nothing that is known", undefined, undefined, { address: "unknown" }],
    ["a connection", "203.0.113.7", undefined, { address: "203.0.113.7" }],
    ["a connection that its own gateway names", "203.0.113.7", "203.0.113.7", { address: "203.0.113.7" }],
    ["a reader behind an edge", "130.176.1.1", "198.51.100.4, 130.176.1.1", { standsFor: "198.51.100.4" }],
    [
      "the same, who says more",
      "130.176.1.1",
      "1.1.1.1, 198.51.100.4, 130.176.1.1",
      { standsFor: "198.51.100.4" },
    ],
    ["one with a port", "130.176.1.1", "198.51.100.4:4711, 130.176.1.1", { standsFor: "198.51.100.4" }],
    ["IPv6 with a port", "130.176.1.1", "[2001:db8::1]:443, 130.176.1.1", { standsFor: "2001:db8::1" }],
    ["IPv4 as IPv6", "::ffff:203.0.113.7", undefined, { address: "203.0.113.7" }],
    ["what is no address", "203.0.113.7", "<script>, 203.0.113.7", { address: "203.0.113.7" }],
    ["a very long header", "203.0.113.7", `${"9.9.9.9,".repeat(10_000)}8.8.8.8`, { standsFor: "8.8.8.8" }],
  ])("is read of %s", (_what, address, forwarded, expected) => {
    const source = sourceOf(address, forwarded);
    expect(source).toMatchObject(expected);
    if (!("standsFor" in expected)) expect(source).not.toHaveProperty("standsFor");
  });

  it("cannot be made somebody else's, whatever is forged", () => {
    const address = fc.ipV4();
    fc.assert(
      fc.property(address, address, fc.string(), fc.array(address), (own, other, text, list) => {
        fc.pre(own !== other);
        const forged = [text, ...list, other, own].join(", ");
        const mine = countedBy(sourceOf(own, forged));
        expect(mine.wide).toBe(own);
        expect(mine.narrow.startsWith(`${own}|`)).toBe(true);
        expect(mine.narrow).not.toBe(countedBy(sourceOf(other)).narrow);
      }),
      { numRuns: 500 },
    );
  });

  it("is one for all addresses of a household, and its network says nothing of one person", () => {
    const one = sourceOf("2001:db8:1:2::1");
    expect(countedBy(one)).toEqual(countedBy(sourceOf("2001:db8:1:2:ffff:0:0:9")));
    expect(countedBy(one)).not.toEqual(countedBy(sourceOf("2001:db8:1:3::1")));
    expect(networkOf(one)).toBe("2001:db8:1::/48");
    expect(networkOf(sourceOf("::1"))).toBe("0:0:0::/48");
    expect(networkOf(sourceOf("203.0.113.7"))).toBe("203.0.113.0/24");
    expect(networkOf(sourceOf("130.176.1.1", "198.51.100.4, 130.176.1.1"))).toBe(
      "198.51.100.0/24 by 130.176.1.0/24",
    );
    expect(networkOf(sourceOf(undefined))).toBe("unknown");
  });
});
