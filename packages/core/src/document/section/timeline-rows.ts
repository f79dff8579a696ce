import type { Offset } from "../../kit/offset.ts";
import type { Place } from "../../kit/problem.ts";
import { readAliasCommand } from "../infer/alias-command.ts";
import { type ComponentDraft, familyOf } from "../infer/components.ts";
import { explainAlias } from "../infer/explain-alias.ts";
import { linesOf } from "./collect.ts";
import type { Context } from "./context.ts";
import { lineIn, offsetIn, percentSaid, proseIn, thresholdSaid } from "./values.ts";

/** A row of the runbook's timeline, with what it turned out to be about. */
export interface TimelineRow {
  readonly id: string | undefined;
  readonly at: Offset;
  readonly do: string;
  readonly command: string | undefined;
  readonly expect: string | undefined;
  readonly undo: string | undefined;
  readonly owner: string;
  readonly place: Place;
  /** It moves a share of something. */
  readonly shift?: { readonly component: ComponentDraft; readonly percent: number };
  /** It compares something with a threshold. */
  readonly compares?: { readonly subject: string; readonly threshold: string };
}

const LOOKS = /^(?:check|verify|confirm|monitor|watch|validate|ensure|assert|observe|review)\b/i;
const MOVES =
  /\b(?:shift|promote|expand|route|roll ?out|release|ramp|increase|move|send|extend|widen|raise|push|switch|set)\b/i;

/** The rows of the timeline, in the order of the documents. */
export function readTimeline(context: Context): TimelineRow[] {
  const { collected, findings, roles } = context;
  const rows: TimelineRow[] = [];
  let lastShift: string | undefined;
  for (const { line } of linesOf(collected, "timeline")) {
    const action = lineIn(line, "do", findings);
    const at = offsetIn(line, "at", context.start, findings);
    if (action === undefined || at === undefined) {
      const said = line.row.cells.map((cell) => cell.text).join(" | ");
      const instead = action === undefined ? "write what is done" : "write when, such as T-30 min";
      findings.notUnderstood("timeline-row", line.place(), `no step: ${said.slice(0, 200)}`, instead);
      continue;
    }
    const command = proseIn(line, "command", findings);
    const expect = proseIn(line, "expect", findings);
    const owner = roles.read(line, "owner", `"${action}"`);
    const isSame = command !== undefined && /^(?:the )?same(?: command)?\b/i.test(command);
    const whole = `${(isSame ? lastShift : command) ?? ""} ${expect ?? ""}`;
    const shift = LOOKS.test(action) ? undefined : shiftIn(context, action, whole, line.place());
    // "Same command" is said of the last one that shifted something, whatever was looked at in between.
    if (shift !== undefined && !isSame) lastShift = command;
    if (command !== undefined && /(?:^|\s)[\u2013\u2014][a-z]/.test(command)) {
      const message = "a dash where the command needs hyphens; a word processor may have put it there";
      findings.warning("dash", line.place("command"), message, "write --option or -option, in code marks");
    }
    const compares = shift === undefined ? comparisonIn(action, expect) : undefined;
    const id = line.text("id").replaceAll("`", "") || undefined;
    rows.push({
      id,
      at,
      do: action,
      command,
      expect,
      undo: proseIn(line, "undo", findings),
      owner,
      place: line.place(),
      ...(shift === undefined ? {} : { shift }),
      ...(compares === undefined ? {} : { compares }),
    });
    if (shift !== undefined && (readAliasCommand(whole) !== undefined || /update-alias/.test(whole))) {
      explainAlias(findings, line.place(line.has("command") ? "command" : "do"), whole, {
        component: shift.component,
        percent: shift.percent,
      });
    }
  }
  return rows;
}

/** What a row moves, and how far. A row that moves nothing we know of is left to a person. */
function shiftIn(context: Context, action: string, command: string, place: Place): TimelineRow["shift"] {
  if (!MOVES.test(action)) return undefined;
  const percent = percentSaid(action);
  if (percent === undefined) return undefined;
  const { components } = context;
  const family = familyOf(action) === "other" ? familyOf(command) : familyOf(action);
  const known =
    components.about(action, family) ?? (family === "other" ? onlyOne(components.all) : undefined);
  if (known !== undefined) return { component: known, percent };
  const name = NAMES[family];
  return name === undefined ? undefined : { component: components.add(name, place, family), percent };
}

const NAMES: Partial<Record<ReturnType<typeof familyOf>, string>> = {
  lambda: "Lambda function",
  "app-store": "Mobile app",
  "google-play": "Android app",
};

function onlyOne<T>(items: readonly T[]): T | undefined {
  return items.length === 1 ? items[0] : undefined;
}

function comparisonIn(action: string, expect: string | undefined): TimelineRow["compares"] {
  const inAction = thresholdSaid(action);
  if (inAction !== undefined) return inAction;
  const inExpected = expect === undefined ? undefined : thresholdSaid(expect);
  if (inExpected === undefined || !LOOKS.test(action)) return undefined;
  return { threshold: inExpected.threshold, subject: `${action} ${inExpected.subject}` };
}
