import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseAddress } from "./cidr.ts";
import { flatten, type Scalar } from "./fields.ts";
import { matches, parsePattern } from "./pattern.ts";

function match(pattern: object, event: object): boolean {
  const parsed = parsePattern(JSON.stringify(pattern));
  if (parsed.kind === "invalid") throw new Error(`${JSON.stringify(pattern)}: ${parsed.message}`);
  return matches(parsed, event);
}

const key = fc.constantFrom("a", "b", "c", "detail-type");
const text = fc.oneof(fc.constantFrom("", "a", "aB", "10.0.0.1", "x*y", "\\"), fc.string({ maxLength: 6 }));
const scalar: fc.Arbitrary<Scalar> = fc.oneof(text, fc.integer(), fc.boolean(), fc.constant(null));

const { event } = fc.letrec<{ event: Record<string, unknown>; value: unknown }>((tie) => ({
  event: fc.dictionary(key, tie("value"), { minKeys: 1, maxKeys: 3 }),
  value: fc.oneof(
    { depthSize: "small", withCrossShrink: true },
    scalar,
    fc.array(scalar, { maxLength: 3 }),
    fc.array(tie("event"), { maxLength: 3 }),
    tie("event"),
  ),
}));

/** A pattern that asks for the leaves on one way through the event: of each list, the first element. */
function patternOf(node: Record<string, unknown>): Record<string, unknown> | undefined {
  const pattern: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(node)) {
    const first = Array.isArray(value) ? value[0] : value;
    if (first === undefined) continue;
    if (typeof first !== "object" || first === null) pattern[name] = [first];
    else {
      const inner = patternOf(first as Record<string, unknown>);
      if (inner !== undefined) pattern[name] = inner;
    }
  }
  return Object.keys(pattern).length === 0 ? undefined : pattern;
}

describe("event patterns", () => {
  it("made from an event match it", () => {
    fc.assert(
      fc.property(event, (event) => {
        const pattern = patternOf(event);
        fc.pre(pattern !== undefined);
        expect(match(pattern, event)).toBe(true);
      }),
    );
  });

  it("negate with anything-but, on one leaf that is there", () => {
    const same = fc.oneof(fc.tuple(text, text), fc.tuple(fc.integer(), fc.integer()));
    fc.assert(
      fc.property(same, ([wanted, value]) => {
        // An address matches however it is written, but is refused only as it is written.
        fc.pre(parseAddress(String(wanted)) === undefined);
        expect(match({ a: [{ "anything-but": wanted }] }, { a: value })).toBe(
          !match({ a: [wanted] }, { a: value }),
        );
      }),
    );
  });

  it.each(["prefix", "suffix", "wildcard", "equals-ignore-case"])(
    "negate %s with anything-but",
    (operator) => {
      const operand = fc.string({ minLength: 1, maxLength: 3, unit: fc.constantFrom("a", "B", "b", ".") });
      fc.assert(
        fc.property(operand, scalar, (operand, value) => {
          const plain = match({ a: [{ [operator]: operand }] }, { a: value });
          expect(match({ a: [{ "anything-but": { [operator]: operand } }] }, { a: value })).toBe(!plain);
        }),
      );
    },
  );

  it("divide every event between exists true and exists false", () => {
    fc.assert(
      fc.property(event, key, (event, name) => {
        const there = match({ [name]: [{ exists: true }] }, event);
        expect(match({ [name]: [{ exists: false }] }, event)).toBe(!there);
        expect(there).toBe(flatten(event).has(name));
      }),
    );
  });

  it("agree with a plain search for wildcards", () => {
    const unit = fc.constantFrom("a", "b");
    const pieces = fc.array(fc.string({ unit, maxLength: 3 }), { minLength: 1, maxLength: 3 });
    fc.assert(
      fc.property(pieces, fc.string({ unit, maxLength: 8 }), (pieces, value) => {
        const wildcard = pieces
          .filter((piece, index) => index === 0 || index === pieces.length - 1 || piece)
          .join("*");
        const regex = new RegExp(`^${wildcard.replaceAll("*", ".*")}$`, "s");
        expect(match({ a: [{ wildcard }] }, { a: value })).toBe(regex.test(value));
      }),
    );
  });

  it("match whatever either branch of an $or matches", () => {
    const leaf = fc.record({ name: fc.constantFrom("a", "b"), value: scalar });
    fc.assert(
      fc.property(leaf, leaf, event, (one, other, event) => {
        const branches = [{ [one.name]: [one.value] }, { [other.name]: [other.value] }];
        const either = branches.some((branch) => match(branch, event));
        expect(match({ $or: branches }, event)).toBe(either);
      }),
    );
  });
});
