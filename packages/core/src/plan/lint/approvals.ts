import { type ApprovalRule, signersOf } from "../../approval/schema.ts";
import { canBeSatisfied } from "../../authority/authority.ts";
import { changeClassOf } from "../../change/schema.ts";
import { BOARD_QUORUM } from "../../hotfix/approved.ts";
import { spoken, toMs } from "../../kit/duration.ts";
import { offsetMs } from "../../kit/offset.ts";
import { pointer } from "../../kit/problem.ts";
import { oneOf } from "../../kit/text.ts";
import { timelineOrder } from "../graph.ts";
import { leadOffset } from "../timeline.ts";
import { error, type Rule, warning } from "./rule.ts";

/** Approvals that no choice of different people can give (S7). */
export const unsatisfiableApprovals: Rule = ({ approvals, authors, roles: named }, { people, requester }) => {
  if (people !== undefined) {
    const result = canBeSatisfied(approvals, people, requester, authors);
    if (result.ok) return [];
    return [unsatisfied(approvals, result.role, "nobody is left who could approve as")];
  }
  // Without a directory the plan's own names are looked at, where it names people for all of these roles.
  const known = named.filter(({ people: of }) => of.length > 0);
  const asked = approvals.filter((rule) =>
    signersOf(rule).every((role) => known.some(({ name }) => name === role)),
  );
  const everyone = [...new Set(known.flatMap(({ people: of }) => of))].map((id) => ({
    id,
    roles: known.filter(({ people: of }) => of.includes(id)).map(({ name }) => name),
  }));
  const result = canBeSatisfied(asked, everyone, requester, authors);
  return result.ok
    ? []
    : [
        unsatisfied(
          approvals,
          result.role,
          "all who are named approve for another role already, or are too few:",
        ),
      ];
};

function unsatisfied(rules: readonly ApprovalRule[], role: string, why: string) {
  const index = rules.findIndex((rule) => rule.role === role);
  return error("approvals-unsatisfiable", {
    pointer: pointer("approvals", index, "role"),
    message: `these approvals can never be complete: ${why} ${role}; one person counts once, and not for their own release`,
    fix: `name another person for ${role}, ask for fewer, or take the approval out`,
  });
}

/** Roles that wait for one another to sign, or for one that is not asked. */
export const approvalOrder: Rule = ({ approvals }) =>
  approvals.flatMap((rule, index) =>
    (rule.after ?? []).flatMap((role, n) => {
      const where = pointer("approvals", index, "after", n);
      if (!approvals.some((one) => one.role === role)) {
        return [
          error("approval-after-nobody", {
            pointer: where,
            message: `${rule.role} signs after ${role}, which is not asked to approve`,
            fix: `write one of ${oneOf(approvals.map((one) => one.role))}, or add an approval of ${role}`,
          }),
        ];
      }
      if (!signsBefore(approvals, role, rule.role, new Set())) return [];
      return [
        error("approval-circle", {
          pointer: where,
          message: `${rule.role} and ${role} wait for one another to sign`,
          fix: "take one of the two `after` out",
        }),
      ];
    }),
  );

/** Whether `first` has to wait, by however many others, until `then` has signed. */
function signsBefore(
  rules: readonly ApprovalRule[],
  first: string,
  then: string,
  seen: Set<string>,
): boolean {
  if (first === then) return true;
  if (seen.has(first)) return false;
  seen.add(first);
  const after = rules.find((rule) => rule.role === first)?.after ?? [];
  return after.some((role) => signsBefore(rules, role, then, seen));
}

/** Signatures that run out between the first row and the first shift, where nobody can wait for them. */
export const shortApprovals: Rule = (plan) => {
  const first = timelineOrder(plan).find(({ kind }) => kind === "phase");
  const lead = first === undefined ? 0 : offsetMs(first.at) - Math.min(0, offsetMs(leadOffset(plan)));
  return plan.approvals.flatMap(({ role, expires }, index) =>
    expires === undefined || toMs(expires) > lead
      ? []
      : [
          warning("approval-short", {
            pointer: pointer("approvals", index, "expires"),
            message: `what ${role} signs holds for ${spoken(expires)}, and from the first row to the first shift it takes as long`,
            fix: "let it hold for longer, such as expires: 24 h",
          }),
        ],
  );
};

/** A hotfix that no two of the board are asked to let through, or one that is no emergency. */
export const hotfixQuorum: Rule = (plan) => {
  const { hotfix, approvals } = plan;
  const emergency = changeClassOf(plan) === "emergency";
  if (hotfix === undefined) {
    if (!emergency) return [];
    return [
      warning("emergency-no-hotfix", {
        pointer: pointer("changeClass"),
        message: "an emergency change that does not say which fault it mends passes no freeze",
        fix: "write hotfix: { severity: SEV-1 }",
      }),
    ];
  }
  if (!emergency) {
    return [
      error("hotfix-not-emergency", {
        pointer: pointer("hotfix"),
        message: "a hotfix is an emergency change, and this plan is not",
        fix: "write changeClass: emergency, or take hotfix out",
      }),
    ];
  }
  const asked = approvals
    .filter((rule) => rule.role === hotfix.board)
    .reduce((sum, { count = 1 }) => sum + count, 0);
  if (asked >= BOARD_QUORUM) return [];
  return [
    error("hotfix-quorum", {
      pointer: approvals.length === 0 ? pointer("hotfix") : pointer("approvals"),
      message: `a hotfix is let through by any ${BOARD_QUORUM} of the ${hotfix.board}; ${asked} asked`,
      fix: `write approvals: [{ role: ${hotfix.board}, count: ${BOARD_QUORUM} }]`,
    }),
  ];
};
