import type { Inspector } from "@gonogo/core/doctor/port";
import { examine, type Finding } from "@gonogo/core/doctor/schema";
import { messageOf } from "@gonogo/core/kit/text";
import { FUNCTIONS, type FunctionName, MACHINES, RULES, SCHEDULES, STORE } from "../deployment.ts";
import { secretsOf, variablesOf } from "../entry/needs.ts";
import { inKms } from "../entry/parts/kms-key.ts";
import { readSecret } from "../entry/secrets.ts";
import { readSettings } from "../entry/settings.ts";

const DEPLOY = "deploy again: npm run deploy -- --stage …, or start the engine again";
/** AWS refuses a signature that is five minutes off. */
const WRONG_CLOCK_MS = 60_000;
const ODD_CLOCK_MS = 5_000;

/** What deployment.ts describes, beside what is there. */
export async function examineParts(inspector: Inspector): Promise<Finding[]> {
  const names = Object.keys(FUNCTIONS) as FunctionName[];
  const found = await Promise.all([
    examineTable(inspector),
    examineHour(inspector, names),
    ...names.map((name) => examineFunction(inspector, name)),
    ...Object.entries(RULES).map(async ([name, { bus }]) =>
      one(`rule ${name}`, await inspector.rule(name, bus), ({ enabled, targets }) =>
        !enabled
          ? { says: "it is off: its events reach nobody", remedy: "enable it in EventBridge" }
          : targets === 0
            ? { says: "it leads nowhere: its target is gone" }
            : undefined,
      ),
    ),
    ...MACHINES.map(async (name) =>
      one(`state machine ${name}`, await inspector.machine(name), ({ status }) =>
        status === "ACTIVE" ? undefined : { says: `it is ${status}` },
      ),
    ),
    ...Object.keys(SCHEDULES).map(async (name) =>
      one(`schedule ${name}`, await inspector.schedule(name), ({ enabled }) =>
        enabled ? undefined : { says: "it is off", remedy: "enable it in EventBridge Scheduler" },
      ),
    ),
  ]);
  return found.flat();
}

function one<T extends object>(...[part, seen, wrong]: [string, ...OneOf<T>]): Finding[] {
  return [examine(part, seen, DEPLOY, wrong)];
}
type OneOf<T extends object> = [
  seen: Parameters<typeof examine<T>>[1],
  wrong: Parameters<typeof examine<T>>[3],
];

async function examineTable(inspector: Inspector): Promise<Finding[]> {
  const [table, backups, reader] = await Promise.all([
    inspector.table(),
    inspector.backups(),
    inspector.streamReader(STORE.streamTo),
  ]);
  const clock = table.kind === "there" ? table.clockAheadMs : undefined;
  return [
    examine("table", table, DEPLOY, ({ status, stream, indexes }) => {
      if (status !== "ACTIVE") return { says: `it is ${status || "in no state that is known"}` };
      if (!stream) return { says: "its stream is off: audit records reach neither the bus nor the effects" };
      if (!indexes.includes(STORE.index.name)) return { says: `its index ${STORE.index.name} is not there` };
      return undefined;
    }),
    examine("stream", reader, DEPLOY, ({ state, lastResult }) => {
      if (state !== "Enabled")
        return { says: `its reader is ${state}`, remedy: "enable the mapping in Lambda" };
      if (/problem|error/i.test(lastResult))
        return { condition: "warning", says: `its reader says ${lastResult}` };
      return undefined;
    }),
    examine("backups", backups, DEPLOY, ({ on }) =>
      on
        ? undefined
        : {
            condition: "warning",
            says: "the table cannot be brought back to an earlier second",
            remedy: "turn point-in-time recovery on",
          },
    ),
    ...(clock === undefined ? [] : [examineClock(clock)]),
  ];
}

function examineClock(aheadMs: number): Finding {
  const off = Math.abs(aheadMs);
  const says = `the functions' clock is ${(off / 1000).toFixed(1)} s ${aheadMs < 0 ? "behind" : "ahead of"} the store's`;
  // The store tells its time in whole seconds.
  if (off < ODD_CLOCK_MS) return { part: "clock", condition: "well", says: "it agrees with the store's" };
  const remedy =
    "set the machine's clock by NTP; releases run by it, and AWS refuses signatures that are old";
  return { part: "clock", condition: off < WRONG_CLOCK_MS ? "warning" : "ill", says, remedy };
}

async function examineHour(inspector: Inspector, names: readonly FunctionName[]): Promise<Finding[]> {
  const hour = await inspector.lastHour(names);
  const remedy = "read its log, mend what it names, and play the letter again";
  return [
    examine(
      "dead letters",
      hour,
      DEPLOY,
      ({ deadLetters }) =>
        deadLetters === 0
          ? undefined
          : {
              condition: "warning",
              says: `${deadLetters} lie in the queue: nobody did what they ask`,
              remedy,
            },
      "none in the last hour",
    ),
    examine(
      "failures",
      hour,
      DEPLOY,
      ({ failures }) => {
        const failed = Object.entries(failures).filter(([, times]) => times > 0);
        if (failed.length === 0) return undefined;
        const says = `in the last hour ${failed.map(([name, times]) => `${name} failed ${times} times`).join(", ")}`;
        return { condition: "warning", says, remedy: "read their logs; what was to be done is tried again" };
      },
      "none in the last hour",
    ),
  ];
}

/** The function itself, and whether what it is given is what it takes. No secret is shown, whatever is in it. */
async function examineFunction(inspector: Inspector, name: FunctionName): Promise<Finding[]> {
  const about = await inspector.lambda(name);
  // On one machine the API is no function of its own; it is there, for the question came by it.
  if (name === "api" && about.kind === "missing")
    return [{ part: "function api", condition: "well", says: "it asks" }];
  return one(`function ${name}`, about, ({ state, lastUpdate, variables }) => {
    if (state !== "Active" && state !== "") return { says: `it is ${state}` };
    if (lastUpdate === "Failed") return { says: "its last update failed" };
    if (variables === undefined) return undefined;
    const wrong = wrongIn(name, variables);
    if (wrong.length > 0)
      return {
        says: wrong.join("; "),
        remedy: "docs/operations.md lists variables and secrets; deploy again",
      };
    return name === "api" ? examineDoors(variables) : undefined;
  });
}

/** Whether anybody can come in, and people by themselves. */
function examineDoors(variables: Readonly<Record<string, string>>) {
  if (!variables.GONOGO_ISSUERS && !variables.GONOGO_API_TOKENS) {
    return { says: "nobody can sign in", remedy: "set the secret Issuers or ApiTokens, and deploy" };
  }
  const people = (readSecret("GONOGO_ISSUERS", variables) ?? []).filter(
    ({ speaksFor }) => speaksFor.kind === "person",
  );
  if (people.length === 0 || people.some(({ signIn }) => signIn !== undefined)) return undefined;
  return {
    condition: "warning" as const,
    says: "people cannot sign in on the page: they have to bring a token",
    remedy: "give an issuer its signIn in the secret Issuers, and deploy",
  };
}

function wrongIn(name: FunctionName, variables: Readonly<Record<string, string>>): string[] {
  const reads = [
    () => readSettings(variablesOf(name), variables),
    ...secretsOf(name).map((secret) => () => readSecret(secret, variables)),
  ];
  const unsigned =
    secretsOf(name).includes("GONOGO_AUDIT_SIGNING_KEY") &&
    !inKms(variables.GONOGO_AUDIT_KEY ?? "") &&
    !variables.GONOGO_AUDIT_SIGNING_KEY;
  const wrong = unsigned ? ["the audit log is not signed: the secret AuditSigningKey is not set"] : [];
  return wrong.concat(
    reads.flatMap((read) => {
      try {
        read();
        return [];
      } catch (error) {
        return [messageOf(error)];
      }
    }),
  );
}
