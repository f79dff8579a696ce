import type { ReleaseView } from "@gonogo/client";
import { Time } from "../clock/time.tsx";
import { printed } from "../kit/format.ts";
import { Badge, Empty, Section } from "../kit/parts.tsx";
import { verdictWords } from "../release/status.ts";

/** What the record says to whether the release was a success; nobody ticks it. */
export function Criteria({ view: { review } }: { readonly view: ReleaseView }) {
  if (review.passCriteria.length === 0) return null;
  return (
    <Section title="Success, by the record">
      <ul class="rows">
        {review.passCriteria.map(({ criterion, what, met, why }) => (
          <li key={criterion}>
            <div>
              {what}
              <div class="quiet">{why}</div>
            </div>
            <Badge tone={met === undefined ? "quiet" : met ? "good" : "bad"}>
              {met === undefined ? "open" : met ? "met" : "not met"}
            </Badge>
          </li>
        ))}
      </ul>
    </Section>
  );
}

export function Validations({ view: { validations } }: { readonly view: ReleaseView }) {
  return (
    <Section title="Validation">
      {validations.length === 0 && <Empty>The plan asks for no validation.</Empty>}
      <ul class="rows">
        {validations.map(({ id, check, threshold, owner, byPerson, verdict, result, at }) => (
          <li key={id}>
            <div>
              {check} <span class="quiet">({printed(threshold)})</span>
              <div class="quiet">
                {byPerson ? (owner ?? "anyone") : "read by gonogo"}
                {at !== undefined && (
                  <>
                    {" · "}
                    <Time at={at} />
                  </>
                )}
              </div>
              {result !== undefined && <div>{result}</div>}
            </div>
            {verdict === undefined ? (
              <Badge tone="quiet">open</Badge>
            ) : (
              <Badge tone={verdictWords(verdict).tone}>{verdict}</Badge>
            )}
          </li>
        ))}
      </ul>
    </Section>
  );
}
