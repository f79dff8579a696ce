import { days, spoken, toMs } from "../../kit/duration.ts";
import { pointer } from "../../kit/problem.ts";
import { error, type Rule } from "./rule.ts";

/** Care that ends before its first round, never ends, or asks the same under one id twice. */
export const hypercareTimes: Rule = ({ hypercare }) => {
  if (hypercare === undefined) return [];
  const length = toMs(hypercare.for);
  const ids = hypercare.checks.map(({ id }) => id);
  const twice = ids.findIndex((id, index) => ids.indexOf(id) < index);
  return [
    ...(length >= toMs(days(1)) && length <= toMs(days(90))
      ? []
      : [
          error("hypercare-time", {
            pointer: pointer("hypercare", "for"),
            message: `hypercare goes on for ${spoken(hypercare.for)}; its first round is after a day`,
            fix: "write a time between a day and 90 days, such as for: 4 weeks",
          }),
        ]),
    ...(twice === -1
      ? []
      : [
          error("hypercare-twice", {
            pointer: pointer("hypercare", "checks", twice, "id"),
            message: `"${ids[twice]}" is the id of two checks`,
            fix: `give this one another id, such as ${ids[twice]}-2`,
          }),
        ]),
  ];
};
