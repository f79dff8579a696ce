import { type Duration, spoken, toMs } from "../kit/duration.ts";
import { type Limits, Limits as LimitsSchema } from "../plan/schema.ts";
import { defaultOf } from "../plan/shape.ts";
import { isPhase } from "../step/schema.ts";
import type { Amended } from "./amended.ts";
import type { Demands } from "./schema.ts";

const MOST = ["maxDuration", "decideWithin", "gatesWithin"] as const;

/** Nothing takes longer than it may, and nothing is watched for less. */
export function demandTimes(amended: Amended, demands: Demands): void {
  const limits: { -readonly [K in keyof Limits]: Limits[K] } = { ...amended.plan.limits };
  for (const field of MOST) {
    const most = demands[field];
    if (most === undefined || toMs(limits[field]) <= toMs(most)) continue;
    if (isDefault(field, limits[field])) limits[field] = most;
    else tooMuch(amended, field, limits[field], most, "at the most");
  }
  const { bake } = demands;
  if (bake !== undefined && toMs(limits.bake) < toMs(bake)) {
    if (isDefault("bake", limits.bake)) limits.bake = bake;
    else tooMuch(amended, "bake", limits.bake, bake, "at the least");
  }
  amended.set({ limits });
  for (const [index, step] of amended.plan.steps.entries()) {
    if (!isPhase(step) || demands.watch === undefined || toMs(step.watch) >= toMs(demands.watch)) continue;
    const message = `a phase is watched for ${spoken(demands.watch)} at the least, ${step.id} for ${spoken(step.watch)}`;
    amended.weaker("watch", ["steps", index, "watch"], message, `write watch: ${spoken(demands.watch)}`);
  }
  demandAuthors(amended, demands);
  demandObligations(amended, demands);
}

/** A value that nobody has to have written is taken for one that was left out. */
function isDefault(field: keyof Limits, value: Duration): boolean {
  return defaultOf(LimitsSchema.shape[field]) === value;
}

function tooMuch(amended: Amended, field: keyof Limits, has: Duration, may: Duration, how: string): void {
  const message = `${field} is ${spoken(may)} ${how}, not ${spoken(has)}`;
  amended.weaker("limit", ["limits", field], message, `write ${field}: ${spoken(may)}`);
}

function demandAuthors(amended: Amended, { authors }: Demands): void {
  if (authors !== true || (amended.plan.authors ?? []).length > 0) return;
  const fix = "write authors: [ psn_… ], the ids that `gonogo whoami` shows to those who wrote it";
  amended.weaker("authors", ["authors"], "a plan names who wrote what it brings", fix);
}

/** What is owed is owed by the same role, no later, and in the way of no less. */
function demandObligations(amended: Amended, demands: Demands): void {
  if (demands.obligations.length === 0) return;
  const obligations = amended.plan.obligations ?? [];
  for (const demanded of demands.obligations) {
    const index = obligations.findIndex(({ id }) => id === demanded.id);
    const found = obligations[index];
    if (found === undefined) continue;
    const where = (field: string) => ["obligations", index, field];
    if (found.role !== demanded.role) {
      const message = `"${demanded.id}" is owed by ${demanded.role}`;
      amended.weaker("obligation-role", where("role"), message, `write role: ${demanded.role}`);
    }
    if (toMs(found.within) > toMs(demanded.within)) {
      const message = `"${demanded.id}" is owed within ${spoken(demanded.within)}`;
      amended.weaker(
        "obligation-within",
        where("within"),
        message,
        `write within: ${spoken(demanded.within)}`,
      );
    }
    if (found.from !== demanded.from) {
      const message = `"${demanded.id}" is owed from ${demanded.from} on`;
      amended.weaker("obligation-from", where("from"), message, `write from: ${demanded.from}`);
    }
    if (demanded.blocks !== false && found.blocks !== true && found.blocks !== demanded.blocks) {
      const from = demanded.blocks === true ? "" : "once it is overdue, ";
      const message = `"${demanded.id}" holds up the next release, ${from}until it is done`;
      amended.weaker("obligation-blocks", where("blocks"), message, `write blocks: ${demanded.blocks}`);
    }
  }
  const missing = demands.obligations.filter(({ id }) => !obligations.some((one) => one.id === id));
  amended.needsRole(...missing.map(({ role }) => role));
  amended.set({ obligations: [...obligations, ...missing] });
}
