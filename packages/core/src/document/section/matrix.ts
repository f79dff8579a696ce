import { freshId, words } from "../../kit/text.ts";
import { formatCondition, parseCondition, parseThreshold } from "../../metric/threshold.ts";
import type { MatrixItem } from "../infer/matrix.ts";
import { cut, withoutCode } from "../read/tidy.ts";
import { type Context, defined, type MetricInput, type TriggerInput } from "./context.ts";
import { metricAbout } from "./metrics.ts";

export interface ReadMatrix {
  readonly triggers: readonly TriggerInput[];
  /** Items that are triggers now, and need not be kept as text. */
  readonly taken: ReadonlySet<string>;
}

/**
 * The lists of a decision matrix: what is compared with a number, and measured, becomes a trigger that rolls
 * back or asks. The rest stays with people, and is named with its line.
 */
export function readMatrix(
  context: Context,
  metrics: readonly MetricInput[],
  triggers: readonly TriggerInput[],
): ReadMatrix {
  const { collected, findings, roles } = context;
  const ids = new Set(triggers.flatMap(({ id }) => id ?? []));
  const known = new Set(triggers.map(({ when, respond }) => `${when} ${respond}`));
  const taken = new Set<string>();
  const found: TriggerInput[] = [];
  for (const item of collected.matrix) {
    const said = conditionIn(item.text);
    const what = cut(item.text, 200);
    const metric = said.ok ? metricAbout(said.subject, metrics) : undefined;
    if (item.list === "fix-forward" && (metric === undefined || !said.ok || isPassing(said, metric))) {
      findings.note(
        "fix-forward",
        item.place,
        `"${what}" puts nothing back, and nothing is to be heard of it`,
      );
      continue;
    }
    if (!said.ok || metric === undefined) {
      const why = said.ok ? `nothing measures "${said.subject}"` : `it is no comparison (${said.message})`;
      const fix = said.ok
        ? "add it to the metrics, and it becomes a trigger"
        : "write a condition such as API 5xx > 3 % for 10 min, or let people watch for it";
      findings.notUnderstood("matrix", item.place, `"${what}" (${item.list}) is no trigger: ${why}`, fix);
      continue;
    }
    const respond = item.list;
    taken.add(item.text);
    if (known.has(`${said.when} ${respond}`)) continue;
    known.add(`${said.when} ${respond}`);
    const id = freshId(`${metric.id} ${words(item.list).join(" ")}`, ids);
    found.push(
      defined({
        id,
        when: said.when,
        metric: metric.id,
        signals: [],
        respond,
        owner: roles.named(metric.owner),
      }),
    );
    findings.note("matrix-trigger", item.place, `"${what}" is taken for ${respond}, by ${metric.name}`);
  }
  return { triggers: found, taken };
}

/** Whether a condition says what passes rather than what does not: it looks the same way as the threshold. */
function isPassing({ op }: Extract<Said, { ok: true }>, { threshold }: MetricInput): boolean {
  const passes = parseThreshold(threshold);
  return passes.ok && passes.value.op[0] === op[0];
}

type Said =
  | { readonly ok: true; readonly when: string; readonly subject: string; readonly op: string }
  | { readonly ok: false; readonly message: string };

/** Lists write `19/20 passing`, `exceeds baseline by >10%` and a remark in parentheses. */
function conditionIn(text: string): Said {
  const plain = withoutCode(text)
    .replace(/\s*\([^)]*\)\s*$/, "")
    .replace(/\b(\d+) ?\/ ?(\d+)(?: pass(?:ing|ed)?)?/, "$1 of $2")
    .replace(/\bexceeds (.*?\b(?:baseline|slo|objective))(?: threshold)? by ?>? ?/i, "> $1 + ")
    .replace(/[.;]$/, "");
  const condition = parseCondition(plain);
  if (!condition.ok) return condition;
  const { subject, op } = condition.value;
  return { ok: true, when: formatCondition(condition.value), subject, op };
}

/** A text without the lines that have become triggers. */
export function withoutTaken(text: string, taken: ReadonlySet<string>): string {
  if (taken.size === 0) return text;
  const isTaken = (line: string) => taken.has(line.replace(/^- (?:\[[ x]\] )?/, "")) && line.startsWith("- ");
  return text
    .split("\n")
    .filter((line) => !isTaken(line))
    .join("\n");
}

export type { MatrixItem };
