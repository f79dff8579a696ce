import { expect, test } from "vitest";
import { evidenceIn, evidenceText, referenceIn } from "./reference.ts";

const file = { digest: `sha256:${"a".repeat(64)}`, name: "screen.png" };

test("a file goes there and back; words and links stay what they are", () => {
  expect(evidenceIn(evidenceText(file))).toEqual(file);
  for (const text of [
    "build 8812",
    "https://ci.test/1",
    "{not json",
    '{"a":1}',
    '{"digest":"x","name":"y"}',
  ]) {
    expect(evidenceIn(text)).toBe(text);
    expect(referenceIn(text)).toBeUndefined();
  }
});
