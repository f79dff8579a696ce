import { BUS, type FunctionName, SCHEDULE_GROUP, STORE, TEST_ALARM } from "@gonogo/functions/deployment";
import { variablesOf } from "@gonogo/functions/entry/needs";
import { NO_KEY, type Variable } from "@gonogo/functions/entry/settings";
import { NO_ROOT } from "@gonogo/functions/no-root";
import { type Addresses, nameIn } from "./names.ts";
import { type DeclaredTarget, type Granted, rolesOf } from "./targets.ts";

/** Where a function finds Sigstore's trusted root, beside its code. */
export const ROOT_FILE = "trusted_root.json";

/** The variables of a function, as entry/needs.ts asks for them. Lambda itself sets AWS_REGION. */
export function environmentOf(
  name: FunctionName,
  stage: string,
  at: Addresses,
  given: {
    readonly targets: readonly DeclaredTarget[];
    readonly auditKey: string;
    readonly auditKeyBefore?: string;
    readonly auditCopies?: Granted["auditCopies"] | undefined;
    readonly sigstoreRoot?: string | undefined;
  },
): Partial<Record<Variable, string>> {
  const { targets, auditKey, auditKeyBefore = NO_KEY, auditCopies, sigstoreRoot } = given;
  const all: Record<Exclude<Variable, "AWS_REGION">, string> = {
    GONOGO_TABLE: nameIn(stage, STORE.table),
    GONOGO_BUS: nameIn(stage, BUS),
    GONOGO_EVIDENCE_BUCKET: at.evidenceBucket,
    GONOGO_ROLLOUT_ARN: at.machine("rollout"),
    GONOGO_ROLLBACK_ARN: at.machine("rollback"),
    GONOGO_SCHEDULE_GROUP: nameIn(stage, SCHEDULE_GROUP),
    GONOGO_SCHEDULER_ROLE_ARN: at.schedulerRole,
    GONOGO_VISIT_ARN: at.function("visit"),
    GONOGO_STAND_BY_ARN: at.function("stand-by"),
    GONOGO_DEAD_LETTER_ARN: at.deadLetters,
    GONOGO_ACCOUNTS: JSON.stringify(rolesOf(targets, at.partition)),
    GONOGO_AUDIT_KEY: auditKey,
    GONOGO_AUDIT_KEY_BEFORE: auditKeyBefore,
    GONOGO_SIGSTORE_ROOT: sigstoreRoot === undefined ? NO_ROOT : ROOT_FILE,
    GONOGO_AUDIT_COPIES: auditCopies === undefined ? NO_KEY : JSON.stringify(auditCopies),
    GONOGO_TEST_ALARM: nameIn(stage, TEST_ALARM.name),
  };
  return Object.fromEntries(
    variablesOf(name).flatMap((variable) => (variable === "AWS_REGION" ? [] : [[variable, all[variable]]])),
  );
}
