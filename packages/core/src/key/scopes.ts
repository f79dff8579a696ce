/** What a tool's key may be used for. What it may then bring about is for its roles to say, as with everybody. */
export const SCOPES = {
  "release:read": "see releases, plans, the board, the calendar and the measures; check and try plans",
  "release:write": "submit plans, ask things of releases, give evidence, plan rehearsals",
  "signal:write": "report alarms to /hooks/generic",
  "audit:read": "read every log, its proofs, the keys that there are, and what was refused",
  admin: "change the policy, the calendar and the keys, and have names erased",
} as const;
