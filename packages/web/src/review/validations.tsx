import type { ReleaseView } from "@gonogo/client";
import { Time } from "../clock/time.tsx";
import { printed } from "../kit/format.ts";
import { Badge, Empty, Section } from "../kit/parts.tsx";
import { verdictWords } from "../release/status.ts";

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
