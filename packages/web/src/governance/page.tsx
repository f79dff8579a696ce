import { useQuery } from "../app/route.ts";
import { Audit } from "./audit.tsx";
import { Delegations } from "./delegations.tsx";
import { Keys } from "./keys.tsx";
import { PolicyPart } from "./policy.tsx";
import { Refusals } from "./refusals.tsx";

const PARTS = [
  { id: "delegations", name: "Delegations", Part: Delegations },
  { id: "policy", name: "Policy", Part: PolicyPart },
  { id: "keys", name: "Keys", Part: Keys },
  { id: "refusals", name: "Refusals", Part: Refusals },
  { id: "records", name: "Records", Part: Audit },
] as const;

/** Who may do what, under which rules, and what was refused. */
export function GovernancePage() {
  const [query] = useQuery();
  const shown = PARTS.find(({ id }) => id === query.get("part")) ?? PARTS[0];
  return (
    <>
      <h1 tabIndex={-1}>Governance</h1>
      <nav class="tabs" aria-label="Parts of governance">
        {PARTS.map(({ id, name }) => (
          <a
            key={id}
            href={`#/governance?part=${id}`}
            {...(id === shown.id ? { "aria-current": "page" } : {})}
          >
            {name}
          </a>
        ))}
      </nav>
      <shown.Part />
    </>
  );
}
