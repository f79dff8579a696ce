import { existsSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { matches, parsePattern } from "./pattern.ts";

const file = new URL(
  "../../../../../shared/vectors/eventbridge-pattern-matching-vectors.json",
  import.meta.url,
);

interface Vector {
  readonly expected: "match" | "no_match" | "exception";
  readonly Event?: object;
  readonly EventPattern?: object;
  /** Where the JSON has a key twice, the text itself. */
  readonly EventRaw?: string;
  readonly EventPatternRaw?: string;
}

const vectors: [string, Vector][] = existsSync(file)
  ? Object.entries(JSON.parse(readFileSync(file, "utf8")))
  : [];

describe.skipIf(vectors.length === 0)(
  "patterns validated on AWS (shared/vectors, skipped without it)",
  () => {
    it("has all of them", () => {
      expect(vectors).toHaveLength(156);
    });

    it.each(vectors)("%s", (_name, { expected, ...vector }) => {
      const pattern = parsePattern(vector.EventPatternRaw ?? JSON.stringify(vector.EventPattern));
      const event = vector.EventRaw === undefined ? (vector.Event ?? {}) : JSON.parse(vector.EventRaw);
      const outcome =
        pattern.kind === "invalid" ? "exception" : matches(pattern, event) ? "match" : "no_match";
      expect(outcome).toBe(expected);
    });
  },
);
