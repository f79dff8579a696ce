import { spokenOffset } from "../../kit/offset.ts";
import { pointer } from "../../kit/problem.ts";
import { oneOf } from "../../kit/text.ts";
import { endangeredBy, oneWayRoles } from "../../step/one-way.ts";
import { phasesOf, timelineOrder } from "../graph.ts";
import { error, type Rule, warning } from "./rule.ts";

/** A step from which there is no way back, and that nobody is asked about. */
export const oneWayUnapproved: Rule = (plan) =>
  plan.steps.flatMap((step, index) => {
    if (step.oneWay === undefined || oneWayRoles(step).length > 0) return [];
    const message = `there is no way back from "${step.do}", and nobody approves it but with the whole plan`;
    const fix = "write oneWay: { why: ..., approvals: [the role that answers for it] }";
    return [warning("one-way-unapproved", { pointer: pointer("steps", index, "oneWay"), message, fix })];
  });

/** A step that takes the way back of something that is still to be shifted: an alarm then cannot put it back. */
export const oneWayEarly: Rule = (plan) => {
  const order = timelineOrder(plan).map(({ id }) => id);
  return plan.steps.flatMap((step, index) =>
    endangeredBy(step).flatMap((component) => {
      const last = phasesOf(plan, component).at(-1);
      if (last === undefined || order.indexOf(last.id) <= order.indexOf(step.id)) return [];
      const message = `after "${step.do}" ${component} cannot go back, and ${last.id} still shifts it at ${spokenOffset(last.at)}: an alarm then leaves it where it is`;
      const fix = `put it behind ${last.id} (needs: [${last.id}]), or leave ${component} out of endangers`;
      return [warning("one-way-early", { pointer: pointer("steps", index, "oneWay"), message, fix })];
    }),
  );
};

export const oneWayUnknown: Rule = (plan) =>
  plan.steps.flatMap((step, index) => {
    if (step.oneWay === undefined || step.oneWay === true) return [];
    const components = plan.components.map(({ id }) => id);
    const roles = plan.roles.map(({ name }) => name);
    const where = (field: string, n: number) => pointer("steps", index, "oneWay", field, n);
    return [
      ...step.oneWay.endangers.flatMap((id, n) => {
        if (components.includes(id)) return [];
        const fix = `write one of ${oneOf(components)}`;
        return [
          error("one-way-component", {
            pointer: where("endangers", n),
            message: `there is no component "${id}"`,
            fix,
          }),
        ];
      }),
      ...step.oneWay.approvals.flatMap((role, n) => {
        if (roles.length === 0 || roles.includes(role)) return [];
        const message = `"${role}" is not among the roles, so nobody could approve as that`;
        return [
          error("one-way-role", {
            pointer: where("approvals", n),
            message,
            fix: `write one of ${oneOf(roles)}`,
          }),
        ];
      }),
    ];
  });
