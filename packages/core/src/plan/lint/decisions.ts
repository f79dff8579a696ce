import { spoken, toMs } from "../../kit/duration.ts";
import { pointer } from "../../kit/problem.ts";
import { oneOf } from "../../kit/text.ts";
import { holdAgainst } from "../../metric/relative.ts";
import { conditionOf } from "../../trigger/decide.ts";
import type { Trigger } from "../../trigger/schema.ts";
import type { Plan } from "../schema.ts";
import { error, type Rule, warning } from "./rule.ts";

/** Roles that decide and that the plan does not know: the question would wait for nobody. */
export const unknownAuthority: Rule = (plan) => {
  const { decisions } = plan;
  const known = plan.roles.map(({ name }) => name);
  if (decisions === undefined || known.length === 0) return [];
  const missing = (field: "authority" | "alone", roles: readonly string[]) =>
    roles.flatMap((role, index) => {
      if (known.includes(role)) return [];
      const message = `"${role}" is not among the roles, so nobody could answer as that`;
      const fix = `write one of ${oneOf(known)}, or add it to roles`;
      const where = pointer("decisions", field, index);
      // A role that is only a default stands in for what nobody wrote.
      return [
        field === "authority"
          ? error("authority-unknown", { pointer: where, message, fix })
          : warning("authority-unknown", { pointer: where, message, fix }),
      ];
    });
  return [...missing("authority", decisions.authority), ...missing("alone", decisions.alone)];
};

/** A question that comes no sooner than the rollback that it should come before. */
export const matrixOrder: Rule = (plan) =>
  plan.triggers.flatMap((asks, index) =>
    plan.triggers.flatMap((back) => {
      if (asks.respond === "rollback" || back.respond !== "rollback" || !isLater(plan, asks, back)) return [];
      return [
        warning("matrix-order", {
          pointer: pointer("triggers", index, "when"),
          message: `${asks.id} (${asks.respond}, ${asks.when}) fires no sooner than ${back.id} (rollback, ${back.when}): it never gets its turn`,
          fix: `let ${asks.id} fire at less, or sooner, than ${back.id}`,
        }),
      ];
    }),
  );

/** Whether whatever fires `asks` has fired `back` by then. Only numbers of one metric can be compared. */
function isLater(plan: Plan, asks: Trigger, back: Trigger): boolean {
  const [soft, hard] = [conditionOf(asks), conditionOf(back)];
  const metric = plan.metrics.find(({ id }) => id === asks.metric);
  if (soft === undefined || hard === undefined || metric === undefined || asks.metric !== back.metric)
    return false;
  if (soft.relative !== undefined || hard.relative !== undefined || soft.of !== undefined) return false;
  if (soft.op[0] !== hard.op[0]) return false;
  const reading = { value: soft.value, unit: soft.unit };
  const reached = holdAgainst({ ...hard, op: hard.op.startsWith(">") ? ">=" : "<=" }, metric, reading, {});
  const waits = ({ sustained }: { sustained?: typeof soft.sustained }) =>
    sustained === undefined ? 0 : toMs(sustained);
  return reached.kind === "met" && waits(hard) <= waits(soft);
}

/** A question that the release's own limit would answer before anybody could. */
export const questionBeyondLimit: Rule = (plan) =>
  plan.triggers.flatMap((trigger, index) => {
    const within = trigger.decideWithin;
    if (within === undefined || toMs(within) <= toMs(plan.limits.maxDuration)) return [];
    const message = `${trigger.id} is decided within ${spoken(within)}, and the whole release may take ${spoken(plan.limits.maxDuration)}`;
    const fix = `write at most ${spoken(plan.limits.maxDuration)}`;
    return [warning("decide-late", { pointer: pointer("triggers", index, "decideWithin"), message, fix })];
  });
