import type { ReleaseView } from "@gonogo/client";
import { expect, test } from "vitest";
import { conflictsOf } from "./form.tsx";

const view = (entry: string) =>
  ({ review: { fields: [{ field: "Lessons", entry }] } }) as unknown as Pick<ReleaseView, "review">;

test.each([
  ["nothing was typed here", "theirs", {}, {}, []],
  ["nobody else wrote", "", { Lessons: "" }, { Lessons: "mine" }, []],
  ["what was typed has been saved", "mine", { Lessons: "" }, { Lessons: "mine" }, []],
  ["somebody else wrote meanwhile", "theirs", { Lessons: "" }, { Lessons: "mine" }, ["Lessons"]],
  [
    "it was saved from here and then changed",
    "theirs",
    { Lessons: "mine" },
    { Lessons: "mine!" },
    ["Lessons"],
  ],
])("%s", (_, entry, base, typed, conflicts) => {
  expect(conflictsOf(view(entry), base as Record<string, string>, typed as Record<string, string>)).toEqual(
    conflicts,
  );
});
