import { alarms } from "./alarms.ts";
import { api } from "./api.ts";
import { auditKeys } from "./audit-key.ts";
import { bus } from "./bus.ts";
import { functions } from "./functions.ts";
import { here } from "./place.ts";
import { rules } from "./rules.ts";
import { schedules } from "./schedules.ts";
import { secrets } from "./secrets.ts";
import { storage } from "./storage.ts";
import { stream } from "./stream.ts";
import { web } from "./web.ts";
import { workflows } from "./workflows.ts";

/** Everything, in the order in which it is needed. What is returned is printed after a deployment. */
export async function deploy() {
  const given = await here();
  const { table, evidence } = storage(given);
  const known = secrets();
  const signing = auditKeys(given, known);
  const { bus: own, deadLetters } = bus(given);
  const all = functions(given, known, signing);
  const machines = workflows(given);
  rules(given, { functions: all, bus: own, deadLetters });
  schedules(given);
  stream(given, { table, publisher: all.publish });
  const front = api(given, all.api);
  const page = web(given, front, evidence);
  alarms(given, front);
  return {
    page: $interpolate`https://${page.domainName}`,
    api: front.url,
    table: table.name,
    evidence: evidence.bucket,
    auditKey: signing.now.name,
    rollout: machines.rollout.arn,
    rollback: machines.rollback.arn,
  };
}
