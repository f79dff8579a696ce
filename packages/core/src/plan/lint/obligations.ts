import { days, spoken, toMs } from "../../kit/duration.ts";
import { pointer } from "../../kit/problem.ts";
import { POSTMORTEM, REVIEW } from "../../obligation/owe.ts";
import { error, type Rule, warning } from "./rule.ts";

/** An ended release is looked after no longer than this. */
const LONGEST = days(365);

/** Obligations that never come due, or that nobody could keep. */
export const obligationTimes: Rule = (plan) =>
  (plan.obligations ?? []).flatMap((rule, index) => {
    const where = (field: string) => pointer("obligations", index, field);
    const found = [];
    if (toMs(rule.within) === 0 || toMs(rule.within) > toMs(LONGEST)) {
      found.push(
        error("obligation-time", {
          pointer: where("within"),
          message: `${rule.id} is to be done within ${spoken(rule.within)}`,
          fix: "write a time between a minute and 365 days, such as within: 24 h",
        }),
      );
    }
    if (rule.id === POSTMORTEM && rule.from === "start") {
      found.push(
        error("obligation-postmortem", {
          pointer: where("from"),
          message: "a postmortem is held after the release, and this one is due from its start on",
          fix: "write from: rollback, or from: end for one that is held in any case",
        }),
      );
    }
    if (rule.id === REVIEW && rule.from !== "end") {
      found.push(
        warning("obligation-review", {
          pointer: where("from"),
          message: "the review is owed from the end of the release on, whatever is written here",
          fix: "write from: end",
        }),
      );
    }
    return found;
  });
