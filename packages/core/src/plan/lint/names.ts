import { RELEASE_MANAGER } from "../../authority/authority.ts";
import { pointer } from "../../kit/problem.ts";
import { oneOf } from "../../kit/text.ts";
import { DEFAULT_CHANNEL } from "../../message/auto.ts";
import { isPhase } from "../../step/schema.ts";
import { findCircle, parseNeed } from "../graph.ts";
import type { Plan } from "../schema.ts";
import { error, indexed, type Rule, warning } from "./rule.ts";

/** Two things of one kind with the same name: what is recorded of one would be taken for the other's. */
export const duplicateIds: Rule = (plan) => {
  const lists = {
    components: plan.components.map(({ id }) => id),
    checklist: plan.checklist.map(({ id }) => id),
    metrics: plan.metrics.map(({ id }) => id),
    steps: plan.steps.map(({ id }) => id),
    triggers: plan.triggers.map(({ id }) => id),
    validations: plan.validations.map(({ id }) => id),
    messages: plan.messages.map(({ id }) => id),
    obligations: (plan.obligations ?? []).map(({ id }) => id),
    closing: (plan.closing ?? []).map(({ id }) => id),
  };
  const ids = Object.entries(lists).flatMap(([list, names]) =>
    repeated(names).map(({ name, index }) =>
      error("duplicate-id", {
        pointer: pointer(list, index, "id"),
        message: `"${name}" is the id of two ${list}`,
        fix: `give this one another id, such as ${name}-2`,
      }),
    ),
  );
  const roles = repeated(plan.approvals.map(({ role }) => role)).map(({ name, index }) =>
    error("duplicate-approval", {
      pointer: pointer("approvals", index, "role"),
      message: `${name} is asked to approve twice, and one person counts once`,
      fix: "take this line out and write count: 2 in the other, or name another role",
    }),
  );
  return [...ids, ...roles];
};

function repeated(names: readonly string[]): { name: string; index: number }[] {
  return names
    .map((name, index) => ({ name, index }))
    .filter(({ name, index }) => names.indexOf(name) < index);
}

/** Roles that the plan's list of roles does not have. A plan without a list is not asked for one. */
export const unknownRoles: Rule = (plan) => {
  if (plan.roles.length === 0) return [];
  const known = new Set([RELEASE_MANAGER, ...plan.roles.map(({ name }) => name)]);
  const named: [string, string][] = [
    ...plan.checklist.map(({ role }, i): [string, string] => [pointer("checklist", i, "role"), role]),
    ...plan.approvals.flatMap(({ role, or = [] }, i) => [
      [pointer("approvals", i, "role"), role] as [string, string],
      ...or.map((one, j): [string, string] => [pointer("approvals", i, "or", j), one]),
    ]),
    ...(plan.poll?.roles ?? []).map((role, i): [string, string] => [pointer("poll", "roles", i), role]),
    ...(["metrics", "steps", "triggers", "messages", "channels"] as const).flatMap((list) =>
      plan[list].map(({ owner }, i): [string, string] => [pointer(list, i, "owner"), owner]),
    ),
    [pointer("review", "role"), plan.review.role],
    ...(plan.hypercare?.checks ?? []).map(({ owner }, i): [string, string] => [
      pointer("hypercare", "checks", i, "owner"),
      owner,
    ]),
    ...(plan.closing ?? []).map(({ owner }, i): [string, string] => [pointer("closing", i, "owner"), owner]),
    ...(plan.obligations ?? []).map(({ role }, i): [string, string] => [
      pointer("obligations", i, "role"),
      role,
    ]),
  ];
  return named
    .filter(([, role]) => !known.has(role))
    .map(([where, role]) =>
      error("unknown-role", {
        pointer: where,
        message: `"${role}" is not among the roles`,
        fix: `write one of ${oneOf([...known].slice(0, 8))}, or add "${role}" to roles`,
      }),
    );
};

/** Ids that lead nowhere: a component, metric or step that the plan does not have. */
export const unknownReferences: Rule = (plan) => {
  const components = plan.components.map(({ id }) => id);
  const metrics = plan.metrics.map(({ id }) => id);
  const steps = plan.steps.map(({ id }) => id);
  const check = (
    name: string | undefined,
    known: readonly string[],
    what: string,
    ...path: (string | number)[]
  ) =>
    name === undefined || known.includes(name)
      ? []
      : [
          error(`unknown-${what}`, {
            pointer: pointer(...path),
            message: `there is no ${what} "${name}"`,
            fix: known.length === 0 ? `add it to the ${what}s` : `write one of ${oneOf(known.slice(0, 12))}`,
          }),
        ];
  return [
    ...plan.steps.flatMap((step, i) => [
      ...(isPhase(step) ? check(step.component, components, "component", "steps", i, "component") : []),
      ...(isPhase(step)
        ? (step.judge ?? []).flatMap((id, j) => check(id, metrics, "metric", "steps", i, "judge", j))
        : []),
      ...(step.kind === "check" ? check(step.metric, metrics, "metric", "steps", i, "metric") : []),
      ...(step.kind === "manual" ? check(step.undoneBy, steps, "step", "steps", i, "undoneBy") : []),
    ]),
    ...plan.metrics.flatMap((one, i) =>
      check(one.component, components, "component", "metrics", i, "component"),
    ),
    ...plan.triggers.flatMap((one, i) => [
      ...check(one.component, components, "component", "triggers", i, "component"),
      ...check(one.metric, metrics, "metric", "triggers", i, "metric"),
    ]),
    ...plan.validations.flatMap((one, i) => check(one.metric, metrics, "metric", "validations", i, "metric")),
    ...(plan.hypercare?.checks ?? []).flatMap((one, i) =>
      check(one.metric, metrics, "metric", "hypercare", "checks", i, "metric"),
    ),
    ...plan.rollback.flatMap((one, i) =>
      check(one.component, components, "component", "rollback", i, "component"),
    ),
    ...environment(plan),
  ];
};

function environment(plan: Plan) {
  const known = plan.environments.map(({ name }) => name);
  if (known.length === 0 || known.includes(plan.environment)) return [];
  return [
    error("unknown-environment", {
      pointer: pointer("environment"),
      message: `"${plan.environment}" is not among the environments`,
      fix: `write one of ${oneOf(known)}`,
    }),
  ];
}

/** Needs that name no step, or ask for the share of a step that has none. */
export const unknownNeeds: Rule = (plan) => {
  const steps = new Map(plan.steps.map((step) => [step.id, step]));
  const lists = [
    ...indexed(plan.steps).map(({ item, index }) => ({ list: "steps", index, needs: item.needs })),
    ...indexed(plan.messages).map(({ item, index }) => ({ list: "messages", index, needs: item.needs })),
  ];
  return lists.flatMap(({ list, index, needs }) =>
    needs.flatMap((text, n) => {
      const { step: id, until } = parseNeed(text);
      const step = steps.get(id);
      const where = pointer(list, index, "needs", n);
      if (step === undefined) {
        const fix = `write one of ${oneOf([...steps.keys()].slice(0, 12))}`;
        return [
          error("unknown-need", { pointer: where, message: `there is no step "${id}" to wait for`, fix }),
        ];
      }
      if (until === "done" || isPhase(step)) return [];
      const message = `"${id}" is no phase and shifts nothing that could be waited for`;
      return [error("need-not-shifted", { pointer: where, message, fix: `write ${id}` })];
    }),
  );
};

/** Steps that wait for one another for ever. */
export const circularNeeds: Rule = (plan) => {
  const circle = findCircle(plan);
  if (circle === undefined) return [];
  const index = plan.steps.findIndex(({ id }) => id === circle[0]);
  return [
    error("circle", {
      pointer: pointer("steps", index, "needs"),
      message: `these steps wait for one another: ${circle.join(" → ")}`,
      fix: "take one of these needs out, or move a step; rows of the runbook also wait for the row before them",
    }),
  ];
};

/** Messages to channels that the plan does not list. */
export const unknownChannels: Rule = (plan) => {
  const known = new Set([DEFAULT_CHANNEL, ...plan.channels.map(({ name }) => name)]);
  const lists = [
    ...plan.messages.map(({ channel }, index) => ({ list: "messages", channel, index })),
    ...(plan.closing ?? []).map(({ channel = DEFAULT_CHANNEL }, index) => ({
      list: "closing",
      channel,
      index,
    })),
  ];
  return lists.flatMap(({ list, channel, index }) =>
    known.has(channel)
      ? []
      : [
          warning("unknown-channel", {
            pointer: pointer(list, index, "channel"),
            message: `"${channel}" is not among the channels; unless the deployment knows it, nobody is told`,
            fix: `write one of ${oneOf([...known])}, or add it to channels`,
          }),
        ],
  );
};
