import type { ReleaseView } from "@gonogo/client";
import { Time } from "../clock/time.tsx";
import { shortDigest } from "../kit/format.ts";
import { Badge, Section } from "../kit/parts.tsx";
import { Person } from "../person/names.tsx";

/** Every change of the plan since it was submitted: what differs, why, and what fell by it. */
export function Revisions({ view: { revisions, revision } }: { readonly view: ReleaseView }) {
  if (revisions.length === 0) return null;
  return (
    <Section title="Revisions of the plan" aside={<span class="count">revision {revision}</span>}>
      <ul class="rows">
        {revisions.map(({ n, plan, by, at, reason, wasApproved, changes, more, voided }) => (
          <li key={n}>
            <div>
              <b>Revision {n}</b> <code>{shortDigest(plan)}</code>
              <div class="quiet">
                <Person id={by} />, <Time at={at} />
                {reason !== undefined && `: “${reason}”`}
              </div>
              <ul class="bullets">
                {changes.map((change) => (
                  <li key={change}>{change}</li>
                ))}
                {more !== undefined && <li class="quiet">and {more} more</li>}
              </ul>
              {voided.length > 0 && (
                <details open={n === revision}>
                  <summary>No longer counts: {voided.length} given before</summary>
                  <ul class="bullets">
                    {voided.map(({ kind, what, by: who, at: when, why }) => (
                      <li key={`${kind} ${what} ${who}`}>
                        <del>
                          {kind} {what}
                        </del>
                        {who !== undefined && (
                          <>
                            {" "}
                            by <Person id={who} />
                          </>
                        )}
                        {when !== undefined && (
                          <>
                            , <Time at={when} />
                          </>
                        )}
                        : {why}
                      </li>
                    ))}
                  </ul>
                </details>
              )}
            </div>
            <Badge tone={wasApproved ? "ask" : "quiet"}>
              {wasApproved ? "was approved before" : "was not approved before"}
            </Badge>
          </li>
        ))}
      </ul>
    </Section>
  );
}
