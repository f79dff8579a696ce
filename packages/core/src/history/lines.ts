import type { DeploymentEntry } from "./schema.ts";

/** Columns of the table, a row a component: what an auditor's spreadsheet asks for. */
const COLUMNS: readonly [
  name: string,
  of: (entry: DeploymentEntry, at: number, nameOf: NameOf) => unknown,
][] = [
  ["release", ({ release }) => release],
  ["environment", ({ environment }) => environment],
  ["outcome", ({ outcome }) => outcome],
  ["started_at", ({ startedAt }) => startedAt],
  ["rolled_out_at", ({ rolledOutAt }) => rolledOutAt],
  ["ended_at", ({ endedAt }) => endedAt],
  ["component", ({ components }, at) => components[at]?.id],
  ["previous_version", ({ components }, at) => components[at]?.previous],
  ["version", ({ components }, at) => components[at]?.version],
  ["commit", ({ components }, at) => components[at]?.commit],
  ["artifacts", ({ components }, at) => components[at]?.artifacts?.join(" ")],
  ["strategy", ({ components }, at) => components[at]?.strategy],
  ["shares", ({ components }, at) => components[at]?.shares.join(" ")],
  ["change", ({ change }) => change],
  ["change_class", ({ changeClass }) => changeClass],
  ["operator", ({ operator }, _, nameOf) => (operator === undefined ? undefined : nameOf(operator))],
  [
    "approvals",
    ({ approvals }, _, nameOf) =>
      approvals.map(({ role, by, at }) => `${role}: ${nameOf(by)} ${at}`).join("; "),
  ],
  ["validations_passed", ({ validations }) => validations.passed],
  ["validations_failed", ({ validations }) => validations.failed],
  ["validations_open", ({ validations }) => validations.open],
  ["rollback_at", ({ rollback }) => rollback?.startedAt],
  ["rollback_ended_at", ({ rollback }) => rollback?.endedAt],
  ["rollback_cause", ({ rollback }) => rollback?.cause],
  ["plan", ({ plan }) => plan],
];

type NameOf = (id: string) => string;

/** RFC 4180, the names of columns first. A release of no component has one row all the same. */
export function deploymentsCsv(entries: readonly DeploymentEntry[], nameOf: NameOf = (id) => id): string {
  const rows = entries.flatMap((entry) =>
    Array.from({ length: Math.max(1, entry.components.length) }, (_, at) =>
      COLUMNS.map(([, of]) => cell(of(entry, at, nameOf))).join(","),
    ),
  );
  return `${[COLUMNS.map(([name]) => name).join(","), ...rows].join("\r\n")}\r\n`;
}

/** JSON Lines: one entry a line. */
export function deploymentsJsonLines(entries: readonly DeploymentEntry[]): string {
  return entries.map((entry) => `${JSON.stringify(entry)}\n`).join("");
}

/** What a spreadsheet would take for a formula is words (OWASP, CSV injection). */
function cell(value: unknown): string {
  const text = value === undefined ? "" : String(value);
  const words = typeof value === "string" && /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(words) ? `"${words.replaceAll('"', '""')}"` : words;
}
