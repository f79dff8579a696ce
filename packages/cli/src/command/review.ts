import type { ReleaseView } from "@gonogo/client";
import { parseInstant } from "@gonogo/core/kit/instant";
import { ActionItem, type ReviewAnswers } from "@gonogo/core/review/answers";
import { type Command, InvalidArgumentError, Option } from "commander";
import { EXIT } from "../exit.ts";
import { Failure, misuse } from "../failure.ts";
import { collected, field, words } from "../input/values.ts";
import { run } from "../session.ts";
import { count } from "../show/event.ts";
import { ask } from "./ask.ts";
import { DRY_RUN_OPTION, KEY_OPTION } from "./key.ts";

interface Options {
  readonly field?: Record<string, string>;
  readonly held?: string;
  readonly attendee?: string[];
  readonly well?: string[];
  readonly improve?: string[];
  readonly lesson?: string[];
  readonly action?: ActionItem[];
  readonly feedback?: string;
  readonly impact?: "none" | "minor" | "major";
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
    .option("--held <date>", "the day on which it was held, as 2025-06-06", date)
    .option("--attendee <name>", "who took part; kept outside the log; may be given again", collected(words))
    .option("--well <words>", "what went well; may be given again", collected(words))
    .option("--improve <words>", "what could be better; may be given again", collected(words))
    .option("--lesson <words>", "what was learned; may be given again", collected(words))
    .option("--feedback <words>", "what customers said, in summary", words)
    .addOption(new Option("--impact <much>", "what users noticed").choices(["none", "minor", "major"]))
    .option(
      "--action <id;role;due;what>",
      "what is to be done, by whom and until when; owed from the signature on; may be given again",
      collected(actionItem),
    )
    .option("--sign", "sign it; that closes the release")
    .option(...KEY_OPTION)
    .option(...DRY_RUN_OPTION)
    .addHelpText(
      "after",
      '\nExample:\n  gonogo release review REL-1 --field "What went well=the canary" --sign\n  gonogo release review REL-1 --held 2025-06-06 --attendee "Maya Okafor" --action "more-probes;QA;2025-07-01;Probe the checkout"',
    )
    .action(async (id: string, options: Options, self: Command) =>
      run(self, async (session) => {
        const { field: fields = {}, sign, key } = options;
        const number = Object.keys(fields).length;
        const answers = answersOf(options);
        const given = Object.keys(answers).length;
        if (number + given === 0 && sign === undefined) {
          throw misuse(
            "review",
            "there is nothing to write and nothing to sign",
            "Give --field name=text, or --sign.",
          );
        }
        const { review } = await session.api.release(id);
        const entries = entriesOf(review, fields);
        const filled = number + given === 0 ? "" : `${count(number + given, "field")} filled in`;
        const more = given === 0 ? {} : { answers };
        if (sign === undefined) {
          return ask(session, {
            release: id,
            command: { type: "SaveReview", entries, ...more },
            key,
            done: filled,
          });
        }
        const { role } = review;
        const command = { type: "SignReview", role, entries, ...more } as const;
        const done = `${filled}${filled === "" ? "" : ", "}signed as ${role}`;
        return ask(session, { release: id, command, key, done });
      }),
    );
}

function answersOf(options: Options): ReviewAnswers {
  const { held, attendee, well, improve, lesson, action, feedback, impact } = options;
  return {
    ...(held === undefined ? {} : { heldOn: held }),
    ...(attendee === undefined ? {} : { attendees: attendee }),
    ...(well === undefined ? {} : { wentWell: well }),
    ...(improve === undefined ? {} : { improve }),
    ...(lesson === undefined ? {} : { lessons: lesson }),
    ...(action === undefined ? {} : { actions: action }),
    ...(feedback === undefined ? {} : { feedback }),
    ...(impact === undefined ? {} : { userImpact: impact }),
  };
}

function date(text: string): string {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text) || parseInstant(text) === undefined) {
    throw new InvalidArgumentError("It is a day such as 2025-06-06.");
  }
  return text;
}

/** `id;role;due;what`: what is to be done may have semicolons of its own. */
function actionItem(text: string): ActionItem {
  const [id = "", role = "", due = "", ...rest] = text.split(";").map((part) => part.trim());
  const read = ActionItem.safeParse({ id, role, due, what: rest.join("; ") });
  if (read.success) return read.data;
  const why = read.error.issues.map(({ path, message }) => `${path.join(".")}: ${message}`).join("; ");
  throw new InvalidArgumentError(`It is written id;role;due;what. ${why}`);
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
