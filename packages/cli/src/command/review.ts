import type { ReleaseView } from "@gonogo/client";
import type { Command } from "commander";
import { EXIT } from "../exit.ts";
import { Failure, misuse } from "../failure.ts";
import { field } from "../input/values.ts";
import { run } from "../session.ts";
import { count } from "../show/event.ts";
import { ask } from "./ask.ts";
import { KEY_OPTION } from "./key.ts";

interface Options {
  readonly field?: Record<string, string>;
  readonly sign?: true;
  readonly key?: string;
}

/** `gonogo release review`: fill in and sign what closes a release. */
export function addReviewCommand(release: Command): void {
  release
    .command("review")
    .description("fill in the review, and sign it")
    .argument("<release>", "its id, such as REL-2025-06-04")
    .option("--field <name=text>", "a field and what to write there; may be given again", field)
    .option("--sign", "sign it; that closes the release")
    .option(...KEY_OPTION)
    .addHelpText(
      "after",
      '\nExample:\n  gonogo release review REL-1 --field "What went well=the canary" --sign',
    )
    .action(async (id: string, options: Options, self: Command) =>
      run(self, async (session) => {
        const { field: fields = {}, sign, key } = options;
        const number = Object.keys(fields).length;
        if (number === 0 && sign === undefined) {
          throw misuse(
            "review",
            "there is nothing to write and nothing to sign",
            "Give --field name=text, or --sign.",
          );
        }
        const { review } = await session.api.release(id);
        const entries = entriesOf(review, fields);
        const filled = number === 0 ? "" : `${count(number, "field")} filled in`;
        if (sign === undefined) {
          return ask(session, { release: id, command: { type: "SaveReview", entries }, key, done: filled });
        }
        const { role } = review;
        const command = { type: "SignReview", role, entries } as const;
        const done = `${filled}${filled === "" ? "" : ", "}signed as ${role}`;
        return ask(session, { release: id, command, key, done });
      }),
    );
}

/** The fields under the names that the plan gives them, however capitalised; any, where it names none. */
function entriesOf(review: ReleaseView["review"], fields: Record<string, string>): Record<string, string> {
  if (review.fields.length === 0) return fields;
  const entries: [string, string][] = Object.entries(fields).map(([name, text]) => {
    const known = review.fields.find(({ field }) => field.toLowerCase() === name.toLowerCase());
    if (known !== undefined) return [known.field, text];
    const names = review.fields.map(({ field }) => `"${field}"`).join(", ") || "none";
    throw new Failure({
      code: "review.unknown-field",
      exit: EXIT.refused,
      message: `the review has no field "${name}"`,
      hint: `Its fields: ${names}.`,
    });
  });
  return Object.fromEntries(entries);
}
