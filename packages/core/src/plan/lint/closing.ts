import { closingActs } from "../../closing/acts.ts";
import { days, spoken, toMs } from "../../kit/duration.ts";
import { pointer } from "../../kit/problem.ts";
import { obligationRules, POSTMORTEM, REVIEW } from "../../obligation/owe.ts";
import { error, type Rule, warning } from "./rule.ts";

/** An ended release is looked after no longer than this. */
const LONGEST = days(365);

/** Acts that nobody could keep, that are called like something else that is owed, or that never come due. */
export const closingActsFit: Rule = (plan) => {
  const taken = new Set([REVIEW, POSTMORTEM, ...obligationRules(plan).map(({ id }) => id)]);
  const due = closingActs(plan);
  return (plan.closing ?? []).flatMap((act, index) => {
    const where = (field: string) => pointer("closing", index, field);
    const found = [];
    if (toMs(act.within) === 0 || toMs(act.within) > toMs(LONGEST)) {
      found.push(
        error("closing-time", {
          pointer: where("within"),
          message: `${act.id} is to be done within ${spoken(act.within)}`,
          fix: "write a time between a minute and 365 days, such as within: 24 h",
        }),
      );
    }
    if (taken.has(act.id) || act.id.startsWith("action-")) {
      found.push(
        error("closing-id", {
          pointer: where("id"),
          message: `"${act.id}" is what another obligation of the release is called`,
          fix: `give it another id, such as ${act.kind}-done`,
        }),
      );
    }
    if (!due.includes(act)) {
      found.push(
        warning("closing-load-test", {
          pointer: where("kind"),
          message: `${act.id} is owed only where the architecture changes, and the plan does not say that it does`,
          fix: "write architectureChanged: true, or take it out",
        }),
      );
    }
    return found;
  });
};
