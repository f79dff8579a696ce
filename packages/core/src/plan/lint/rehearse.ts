import { pointer } from "../../kit/problem.ts";
import { oneOf } from "../../kit/text.ts";
import { sharedTarget } from "../../rehearsal/derive.ts";
import { error, type Rule } from "./rule.ts";

/** Counterparts of components that there are not, and a way back that would be tried on the real thing. */
export const rehearseTargets: Rule = (plan) => {
  const known = plan.components.map(({ id }) => id);
  const unknown = Object.keys(plan.rehearse?.targets ?? {})
    .filter((id) => !known.includes(id))
    .map((id) =>
      error("unknown-component", {
        pointer: pointer("rehearse", "targets", id),
        message: `there is no component "${id}"`,
        fix: `write one of ${oneOf(known.slice(0, 12))}`,
      }),
    );
  const shared = sharedTarget(plan);
  if (shared === undefined) return unknown;
  return [
    ...unknown,
    error("rehearsed-on-itself", {
      pointer: pointer("rehearse", "targets", shared),
      message: `${shared} would be rehearsed on a target that this plan releases to`,
      fix: "name its counterpart in staging: another alias, track or function",
    }),
  ];
};

/** Checks about components that there are not, and rehearsals that nobody can make. */
export const checkProbes: Rule = (plan) => {
  const known = plan.components.map(({ id }) => id);
  return plan.checklist.flatMap(({ probe }, index) => {
    const at = (...path: string[]) => pointer("checklist", index, "probe", ...path);
    const named =
      probe?.kind === "staging" || probe?.kind === "rehearsal"
        ? { component: probe.component, path: at("component") }
        : probe?.kind === "artifact" && probe.source.kind === "lambda"
          ? { component: probe.source.component, path: at("source", "component") }
          : undefined;
    const unknown =
      named?.component === undefined || known.includes(named.component)
        ? []
        : [
            error("unknown-component", {
              pointer: named.path,
              message: `there is no component "${named.component}"`,
              fix: `write one of ${oneOf(known.slice(0, 12))}`,
            }),
          ];
    if (probe?.kind !== "rehearsal" || probe.component !== undefined || plan.rehearse !== undefined) {
      return unknown;
    }
    return [
      ...unknown,
      error("not-rehearsed", {
        pointer: at(),
        message: "it waits for a rehearsal, and the plan does not say where its way back is tried",
        fix: "write rehearse: { environment: staging, targets: { … } }, or name a component",
      }),
    ];
  });
};
