import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { applied, difference, type Json } from "./patch.ts";

const leaf = fc.oneof(fc.string({ maxLength: 4 }), fc.integer(), fc.boolean());
const item = fc.record({ id: fc.constantFrom("a", "b", "c", "d", "$x"), n: leaf }, { requiredKeys: ["id"] });
// A field of a plan is a list in every plan, or a map in every plan; that does not change between two.
const value: fc.Arbitrary<Json> = fc.record(
  {
    title: leaf,
    items: fc.array(item, { maxLength: 5 }),
    mixed: fc.array(fc.oneof(leaf, item), { maxLength: 3 }),
    map: fc.dictionary(fc.constantFrom("k", "l", "name"), leaf, { maxKeys: 3 }),
    deep: fc.record({ fields: fc.array(item, { maxLength: 2 }), x: leaf }, { requiredKeys: [] }),
  },
  { requiredKeys: [] },
);

describe("the difference between two plans", () => {
  it("makes the one of the other", () => {
    fc.assert(
      fc.property(value, value, (from, to) => {
        const patch = difference(from, to);
        const lost: string[] = [];
        expect(patch === undefined ? from : applied(from, patch, lost)).toEqual(to);
        expect(lost).toEqual([]);
      }),
      { numRuns: 2_000 },
    );
  });

  it("speaks only of what differs, and by name", () => {
    const from = {
      steps: [
        { id: "a", at: "T" },
        { id: "b", at: "T" },
      ],
      limits: { bake: "0s" },
    };
    const to = {
      steps: [
        { id: "a", at: "T" },
        { id: "b", at: "T+1h" },
      ],
      limits: { bake: "0s" },
    };
    expect(difference(from, to)).toEqual({ steps: { b: { at: "T+1h" } } });
  });

  it("still fits after rows were added and taken out, and names what it no longer finds", () => {
    const patch = difference(
      [
        { id: "a", n: 1 },
        { id: "b", n: 1 },
      ],
      [
        { id: "a", n: 2 },
        { id: "b", n: 2 },
      ],
    );
    const lost: string[] = [];
    expect(
      applied(
        [
          { id: "c", n: 1 },
          { id: "b", n: 1 },
        ],
        patch ?? null,
        lost,
        "steps",
      ),
    ).toEqual([
      { id: "c", n: 1 },
      { id: "b", n: 2 },
    ]);
    expect(lost).toEqual(["steps a"]);
  });
});
