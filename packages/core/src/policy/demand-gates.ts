import { parseOffset } from "../kit/offset.ts";
import { oneOf } from "../kit/text.ts";
import type { Amended } from "./amended.ts";
import type { Demands } from "./schema.ts";

/** Every line that is asked for is on the checklist, for the same role; its words may be the plan's own. */
export function demandChecks(amended: Amended, demands: Demands): void {
  const { checklist } = amended.plan;
  for (const demanded of demands.checks) {
    const index = checklist.findIndex(({ id }) => id === demanded.id);
    const found = checklist[index];
    if (found === undefined || found.role === demanded.role) continue;
    const message = `"${demanded.id}" is for ${demanded.role} to answer, not ${found.role}`;
    amended.weaker("check-role", ["checklist", index, "role"], message, `write role: ${demanded.role}`);
  }
  const missing = demands.checks.filter(({ id }) => !checklist.some((one) => one.id === id));
  amended.needsRole(...missing.map(({ role }) => role));
  amended.set({ checklist: [...checklist, ...missing] });
}

/** Every role that is asked for votes, and none abstains where the policy does not let it. */
export function demandPoll(amended: Amended, { poll: demanded }: Demands): void {
  if (demanded === undefined) return;
  const { poll } = amended.plan;
  amended.needsRole(...demanded.roles);
  if (poll === undefined) {
    const { roles, abstain, at = utter("T-15 min"), closes = utter("T") } = demanded;
    amended.set({ poll: { at, closes, roles, ...(abstain === undefined ? {} : { abstain }) } });
    return;
  }
  if (poll.abstain === true && demanded.abstain !== true) {
    const message = `nobody abstains; ${oneOf(demanded.roles, "and")} say GO or NO-GO`;
    amended.weaker("poll-abstain", ["poll", "abstain"], message, "take abstain out");
  }
  amended.set({ poll: { ...poll, roles: [...new Set([...poll.roles, ...demanded.roles])] } });
}

function utter(text: string) {
  const read = parseOffset(text);
  if (!read.ok) throw new Error(read.message);
  return read.value;
}
