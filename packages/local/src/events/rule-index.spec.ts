import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { busEvent, type RuleRecord, ruleArn } from "./model.ts";
import { matches, parsePattern } from "./pattern.ts";
import { RuleIndex } from "./rule-index.ts";

const rule = (name: string, pattern: object): RuleRecord => ({
  name,
  busName: "default",
  arn: ruleArn("default", name),
  state: "ENABLED",
  pattern: JSON.stringify(pattern),
  anchor: 0,
  targets: [],
});

const event = (source: string, detailType: string, detail: object = {}) =>
  busEvent("id", 0, { source, detailType, resources: [], detail });

describe("the index of rules", () => {
  it("finds what a search through all of them finds, in the same order", () => {
    const word = fc.constantFrom("a", "b", "c");
    const values = fc.array(
      fc.oneof(word, fc.record({ prefix: word }), fc.record({ exists: fc.boolean() })),
      {
        minLength: 1,
        maxLength: 2,
      },
    );
    const leaf = fc.oneof(
      fc.record({ source: values }),
      fc.record({ "detail-type": values }),
      fc.record({ source: values, "detail-type": values }),
      fc.record({ detail: fc.record({ n: values }) }),
    );
    const pattern = fc.oneof(
      leaf,
      fc.tuple(leaf, leaf).map((both) => ({ $or: both })),
    );
    fc.assert(
      fc.property(fc.array(pattern, { maxLength: 12 }), word, word, word, (patterns, source, type, n) => {
        const rules = patterns.map((one, index) => rule(`r${String(index).padStart(2, "0")}`, one));
        const one = event(source, type, { n });
        const plain = rules.filter(({ pattern = "" }) => {
          const parsed = parsePattern(pattern);
          return parsed.kind === "pattern" && matches(parsed, one);
        });
        expect(new RuleIndex(rules).matching(one)).toEqual(plain);
      }),
    );
  });

  it("serves a thousand rules", () => {
    const kinds = [
      (n: number) => ({ source: [`team-${n}`], detail: { state: ["ALARM"] } }),
      (n: number) => ({ "detail-type": [`Type ${n}`] }),
      (n: number) => ({ detail: { service: [{ prefix: `svc-${n}` }], level: [{ numeric: [">", n] }] } }),
    ];
    const rules = Array.from({ length: 1000 }, (_, n) => rule(`r${n}`, kinds[n % 3]!(n)));
    const index = new RuleIndex(rules);
    const found = index.matching(
      event("team-300", "Type 400", { state: "ALARM", service: "svc-5", level: 6 }),
    );
    expect(found.map(({ name }) => name)).toEqual(["r5", "r300", "r400"]);
  });
});
