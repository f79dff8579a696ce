import { describe, expect, it } from "vitest";
import { matches, parsePattern } from "./pattern.ts";

function match(pattern: object, event: object): boolean {
  const parsed = parsePattern(JSON.stringify(pattern));
  if (parsed.kind === "invalid") throw new Error(parsed.message);
  return matches(parsed, event);
}

function refusal(pattern: object | string): string {
  const parsed = parsePattern(typeof pattern === "string" ? pattern : JSON.stringify(pattern));
  return parsed.kind === "invalid" ? parsed.message : "accepted";
}

describe("a pattern that AWS refuses is refused in its words", () => {
  // Recorded on AWS: localstack/localstack@8b9a79f05, test_events_patterns.snapshot.json.
  it.each<[object, string]>([
    [{ resources: [] }, "Empty arrays are not allowed"],
    [{ string: "my-value" }, '"string" must be an object or an array'],
    [{ a: [{ EXISTS: true }] }, "Unrecognized match type EXISTS"],
    [{ a: [{ numeric: [">", 0, ">", 0] }] }, "Bad numeric range operator: >"],
    [{ a: [{ numeric: [">", 0, "<"] }] }, "Value of < must be numeric"],
    [{ a: [{ numeric: 10 }] }, "Value of numeric must be an array."],
    [
      { a: [{ wildcard: "arn:aws:events:us-east-1:**:event-bus/*" }] },
      "Consecutive wildcard characters at pos 26",
    ],
    [
      { a: [{ wildcard: "*:*:*:*:*:event-bus/*" }] },
      "Rule is too complex - try using fewer wildcard characters or fewer repeating character sequences after a wildcard character",
    ],
    [{ a: [{ "equals-ignore-case": ["x"] }] }, "equals-ignore-case match pattern must be a string"],
    [{ a: [{ cidr: "bad-filter" }] }, "Malformed CIDR, one '/' required"],
    [{ a: [{ cidr: "xx.11.xx/8" }] }, "Nonstandard IP address: xx.11.xx"],
    [{ a: [{ prefix: 123 }] }, "prefix match pattern must be a string"],
    [{ a: [{ "anything-but": { prefix: "" } }] }, "Null prefix/suffix not allowed"],
    [
      { a: [{ "anything-but": { prefix: { "equals-ignore-case": "file" } } }] },
      "Value of anything-but must be an array or single string/number value.",
    ],
    [
      { a: [{ "anything-but": ["stopped", null] }] },
      "Inside anything but list, start|null|boolean is not supported.",
    ],
  ])("%j", (pattern, reason) => {
    const [first, second] = refusal(pattern).split("\n");
    expect(first).toBe(`Event pattern is not valid. Reason: ${reason}`);
    // And one line of ours, for people.
    expect(second).toMatch(/^ at (resources|string|a)$/);
  });

  it("says where in a deep pattern", () => {
    expect(refusal({ detail: { state: { value: [{ prefix: 1 }] } } })).toContain("\n at detail.state.value");
    expect(refusal({ detail: { $or: [{ a: ["x"] }, { b: [] }] } })).toContain("\n at detail.b");
  });

  it.each([
    ["not JSON", "Event pattern is not valid. Reason: "],
    ['["a"]', "Filter is not an object"],
    ["{}", "Empty objects are not allowed"],
    ['{"$or":[{"a":["x"]}]}', "There must have at least 2 Objects in $or relationship."],
    ['{"$or":{"a":["x"]}}', "It must be an Array followed with $or."],
    [
      '{"$or":[{"a":["x"]},{"prefix":["x"]}]}',
      "prefix is Ruler reserved fieldName which cannot be used inside $or.",
    ],
  ])("%s", (pattern, reason) => {
    expect(refusal(pattern)).toContain(reason);
  });

  it("refuses more than a thousand combinations of $or", () => {
    const or = Array.from({ length: 11 }, (_, n) => ({ [`k${n}`]: ["x"] }));
    expect(refusal({ a: { $or: or }, b: { $or: or }, c: { $or: or } })).toContain("too complex");
  });
});

describe("$or", () => {
  it("overrides the same leaf of the pattern around it", () => {
    const pattern = { a: ["outer"], $or: [{ a: ["inner"] }, { b: ["b"] }] };
    expect(match(pattern, { a: "inner" })).toBe(true);
    expect(match(pattern, { a: "outer" })).toBe(false);
    expect(match(pattern, { a: "outer", b: "b" })).toBe(true);
  });

  it("nests", () => {
    const pattern = { $or: [{ a: ["1"] }, { b: { $or: [{ c: ["2"] }, { d: ["3"] }] } }] };
    expect([{ a: "1" }, { b: { c: "2" } }, { b: { d: "3" } }].every((event) => match(pattern, event))).toBe(
      true,
    );
    expect(match(pattern, { b: { c: "3" } })).toBe(false);
  });
});

describe("arrays", () => {
  const employees = {
    employees: [
      { name: "ann", dept: "a" },
      { name: "bob", dept: "b" },
    ],
  };

  it("match with any element", () => {
    expect(match({ resources: ["b", "c"] }, { resources: ["a", "b"] })).toBe(true);
    expect(match({ resources: ["c"] }, { resources: ["a", "b"] })).toBe(false);
  });

  it("take all fields of one match from the same element", () => {
    expect(match({ employees: { name: ["ann"], dept: ["a"] } }, employees)).toBe(true);
    expect(match({ employees: { name: ["ann"], dept: ["b"] } }, employees)).toBe(false);
  });

  it("ask within the element whether a field is missing", () => {
    const event = { list: [{ id: "1", hidden: "yes" }, { id: "2" }] };
    expect(match({ list: { hidden: [{ exists: false }], id: ["2"] } }, event)).toBe(false);
    // As event-ruler does it: "missing" is asked in the order of the paths, before `id` has chosen an element.
    expect(match({ list: { id: ["2"], zz: [{ exists: false }] } }, event)).toBe(true);
    expect(
      match({ list: { a: ["x"], hidden: [{ exists: false }] } }, { list: [{ a: "x" }, { hidden: "y" }] }),
    ).toBe(true);
  });

  it("let the elements of plain lists combine freely", () => {
    expect(match({ a: ["1"], b: ["4"] }, { a: ["1", "2"], b: ["3", "4"] })).toBe(true);
  });
});

describe("values", () => {
  it.each<[string, unknown[], unknown, boolean]>([
    ["null is not missing", [null], null, true],
    ["null is not the word", [null], "null", false],
    ["a number however it is written", [300], 3.0e2, true],
    ["a number is not its text", [300], "300", false],
    ["an IPv6 address however it is written", ["2001:db8::1"], "2001:0db8:0:0:0:0:0:1", true],
    ["anything-but does not match what is missing", [{ "anything-but": "x" }], undefined, false],
    ["anything-but matches null", [{ "anything-but": "x" }], null, true],
    ["an escaped star", [{ wildcard: "a\\*b" }], "a*b", true],
    ["an escaped star is no wildcard", [{ wildcard: "a\\*b" }], "axb", false],
    ["pieces do not overlap", [{ wildcard: "ab*ba" }], "aba", false],
    ["a piece in the middle leaves the last one free", [{ wildcard: "a*ba*a" }], "aba", false],
    ["a lone star matches the empty text", [{ wildcard: "*" }], "", true],
    ["a range, its lower end left out", [{ numeric: [">", 0, "<=", 5] }], 0, false],
    ["a range, its upper end included", [{ numeric: [">", 0, "<=", 5] }], 5, true],
    ["the last address of a block", [{ cidr: "10.0.0.0/24" }], "10.0.0.255", true],
    ["the next block", [{ cidr: "10.0.0.0/24" }], "10.0.1.0", false],
    ["an IPv4 address in an IPv6 block", [{ cidr: "::/0" }], "10.0.0.1", false],
  ])("%s", (_name, alternatives, value, expected) => {
    expect(match({ field: alternatives }, value === undefined ? {} : { field: value })).toBe(expected);
  });
});
