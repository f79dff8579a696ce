import type { ReleaseView } from "@gonogo/client";

/** What the ids in a release's records stand for, in the words of its plan. */
export interface Names {
  step(id: string): string;
  check(id: string): string;
  metric(id: string): string;
  validation(id: string): string;
  trigger(id: string): string;
  message(id: string): string;
}

/** Where nothing is known: ids stand for themselves. */
export const NO_NAMES: Names = {
  step: (id) => id,
  check: (id) => id,
  metric: (id) => id,
  validation: (id) => id,
  trigger: (id) => id,
  message: (id) => id,
};

export function namesOf(view: ReleaseView): Names {
  const look = (pairs: readonly (readonly [string, string])[]) => {
    const known = new Map(pairs);
    return (id: string) => known.get(id) ?? id;
  };
  return {
    step: look(view.steps.map(({ id, what }) => [id, what])),
    check: look(view.checklist.map(({ id, check }) => [id, check])),
    metric: look(view.metrics.map(({ id, name }) => [id, name])),
    validation: look(view.validations.map(({ id, check }) => [id, check])),
    trigger: look(view.triggers.map(({ id, when }) => [id, when])),
    message: look(view.messages.map(({ id, audience }) => [id, audience === "" ? id : `to ${audience}`])),
  };
}
