import { ChangeClass } from "../../change/schema.ts";
import { Hotfix } from "../../hotfix/schema.ts";
import { DURATION_FORMS, parseDuration } from "../../kit/duration.ts";
import { INSTANT_FORMS, type Instant, parseInstant } from "../../kit/instant.ts";
import type { Place } from "../../kit/problem.ts";
import { oneOf, plain, words } from "../../kit/text.ts";
import type { PlanInput } from "../../plan/schema.ts";
import type { Findings } from "../findings.ts";
import { isPlaceholder, oneLine, unwrapCode } from "../read/tidy.ts";
import type { Line } from "../table/recognise.ts";
import { type Collected, linesOf } from "./collect.ts";
import { defined } from "./context.ts";

export interface Overview {
  readonly id?: string;
  readonly title?: string;
  readonly start?: Instant;
  readonly expectedCompletion?: Instant;
  readonly releaseManager?: string;
  readonly environment?: string;
  readonly change?: string;
  readonly description?: string;
  readonly changeClass?: string;
  readonly severity?: string;
  readonly board?: string;
  readonly tests?: string;
  readonly soak?: string;
  readonly architecture?: string;
  readonly place?: Place;
}

type Key = Exclude<keyof Overview, "place">;

const FIELDS: readonly (readonly [Key, RegExp])[] = [
  ["id", /^(?:plan|release) (?:id|key|number)$|^id$/],
  ["title", /^(?:release )?(?:title|name)$/],
  ["start", /^(?:planned )?start(?: date| time)?(?: utc)?$/],
  ["expectedCompletion", /^(?:expected |planned )?(?:completion|end)(?: date| time)?(?: utc)?$/],
  ["releaseManager", /^release manager$/],
  ["environment", /^(?:target )?environment$/],
  ["change", /^(?:cr id|change(?: request| ticket| id)?(?: id)?|ticket|jira(?: ticket)?)$/],
  ["changeClass", /^(?:change )?class(?: of change)?$|^change (?:class|type)$/],
  ["severity", /^hotfix(?: severity)?$/],
  ["board", /^(?:hotfix |governance )board$|^hotfix approved by$/],
  ["tests", /^(?:hotfix |targeted )tests$/],
  ["architecture", /^architecture(?: has)? change[ds]?$|^changes(?: the)? architecture$/],
  ["soak", /^hotfix soak$|^soak(?: in staging)?$/],
  ["description", /^(?:description|summary|scope|purpose)$/],
];

/** Whether a line of a table with fields and values speaks of the release rather than of its review. */
export function isOverviewField(text: string): boolean {
  return keyOf(text) !== undefined;
}

function keyOf(text: string): Key | undefined {
  const name = words(text.replaceAll("-", " ")).join(" ");
  return FIELDS.find(([, form]) => form.test(name))?.[0];
}

/** Reads the release overview. The first document to say a thing is believed; a second that differs is named. */
export function readOverview(collected: Collected, findings: Findings): Overview {
  const found: Partial<Record<Key, string>> & {
    start?: Instant;
    expectedCompletion?: Instant;
    place?: Place;
  } = {};
  for (const { line } of linesOf(collected, "overview")) {
    const name = line.text("field");
    const key = keyOf(name);
    const value = valueIn(line);
    if (value === undefined) {
      if (key !== undefined && name !== "") {
        findings.note(
          "placeholder",
          line.place("field"),
          `"${name}" has no value, only what a template says`,
        );
      }
      continue;
    }
    if (key === undefined) {
      findings.notUnderstood("overview", line.place("field"), `"${name}" is no field of a plan: ${value}`);
      continue;
    }
    if (key === "start" || key === "expectedCompletion") {
      const moment = parseInstant(plain(value).replace(/\s*\(?utc\)?$/i, ""));
      if (moment === undefined) {
        findings.error(
          "time",
          line.place("field"),
          `"${value}" is no time for ${name}`,
          `write ${INSTANT_FORMS}`,
        );
      } else found[key] ??= moment;
      continue;
    }
    if (found[key] !== undefined && found[key] !== value) {
      findings.warning("twice", line.place("field"), `${name} is "${found[key]}" above and "${value}" here`);
    }
    found[key] ??= value;
    found.place ??= line.place();
  }
  return found;
}

/** How much the change asks of those who let it through, and what makes it a hotfix. */
export function readChange(
  { changeClass, severity, board, tests, soak, architecture, place }: Overview,
  findings: Findings,
): Pick<PlanInput, "changeClass" | "hotfix" | "architectureChanged"> {
  const at = place ?? { file: "documents", line: 1, column: 1 };
  const known = ChangeClass.safeParse(changeClass?.toLowerCase());
  if (changeClass !== undefined && !known.success) {
    const message = `"${changeClass}" is no class of change`;
    findings.notUnderstood("change-class", at, message, `write ${oneOf(ChangeClass.options)}`);
  }
  const grave = Hotfix.shape.severity.safeParse(severity?.toUpperCase());
  if (severity !== undefined && !grave.success) {
    const message = `"${severity}" is no severity of a fault`;
    findings.notUnderstood("severity", at, message, `write ${oneOf(Hotfix.shape.severity.options)}`);
  }
  const soaks = soak === undefined ? undefined : parseDuration(soak);
  if (soak !== undefined && soaks?.ok !== true) {
    findings.notUnderstood("soak", at, `"${soak}" is no time to soak`, `write ${DURATION_FORMS}`);
  }
  const changed = (["yes", "no"] as const).find((one) => one === architecture?.toLowerCase());
  if (architecture !== undefined && changed === undefined) {
    findings.notUnderstood("architecture", at, `"${architecture}" is neither yes nor no`);
  }
  const targetedTests = tests
    ?.split(/[;,]/)
    .map((one) => one.trim())
    .filter((one) => one !== "");
  const hotfix = grave.success
    ? defined({
        severity: grave.data,
        board,
        targetedTests,
        soak: soaks?.ok === true ? soaks.value : undefined,
      })
    : undefined;
  return defined({
    changeClass: known.success ? known.data : undefined,
    hotfix,
    architectureChanged: changed === undefined ? undefined : changed === "yes",
  });
}

/** Templates have a column of examples where a filled-in document has its values. */
function valueIn(line: Line): string | undefined {
  for (const field of ["value", "example", "description"] as const) {
    const text = unwrapCode(oneLine(line.text(field)));
    if (text !== "" && !isPlaceholder(text)) return text.slice(0, 500);
  }
  return undefined;
}
