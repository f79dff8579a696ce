import type { ReleaseView } from "@gonogo/client";
import { ActionButton } from "../action/button.tsx";
import type { Action } from "../action/inputs.ts";
import { Time } from "../clock/time.tsx";
import { printed } from "../kit/format.ts";
import { Badge, Empty, Section } from "../kit/parts.tsx";

const RESPONSES: Record<ReleaseView["triggers"][number]["respond"], string> = {
  rollback: "rolls back at once",
  evaluate: "pauses and asks; silence means rollback",
  pause: "pauses and waits",
  reduce: "takes traffic off, then asks",
  notify: "tells the owner",
  "fix-forward": "goes on; the repair is owed by the owner",
};

interface Props {
  readonly view: ReleaseView;
  readonly choose: (action: Action) => void;
}

/** What is watched for, and what follows. */
export function Triggers({ view, choose }: Props) {
  return (
    <>
      <Quarantine view={view} choose={choose} />
      <Rules view={view} />
    </>
  );
}

/** Alarms that change their mind too often to be believed. */
function Quarantine({ view, choose }: Props) {
  if (view.quarantine.length === 0) return null;
  return (
    <Section title="Not believed at the moment" class="questions">
      <ul class="waits">
        {view.quarantine.map(({ alarm, since, times, until }) => (
          <li key={alarm}>
            <b>{alarm}</b> changed {times} times; not believed since <Time at={since} />
            {until !== undefined && (
              <>
                , until <Time at={until} /> if it stands still
              </>
            )}
            <div class="buttons">
              {view.actions
                .filter(({ command }) => command.type === "LiftQuarantine" && command.alarm === alarm)
                .map((action) => (
                  <ActionButton key={action.label} action={action} choose={choose} text={action.label} />
                ))}
            </div>
          </li>
        ))}
      </ul>
    </Section>
  );
}

function Rules({ view }: { readonly view: ReleaseView }) {
  return (
    <Section title="Triggers">
      {view.triggers.length === 0 && <Empty>The plan has no triggers.</Empty>}
      <ul class="rows">
        {view.triggers.map(({ id, when, respond, owner, signals, breachedSince, firedAt, cause }) => (
          <li key={id}>
            <div>
              <b>{printed(when)}</b>
              <div>
                {RESPONSES[respond]} <span class="quiet">· {owner}</span>
              </div>
              {signals.length > 0 && <div class="quiet">Listens to {signals.join(", ")}</div>}
              {firedAt !== undefined && (
                <div>
                  Fired <Time at={firedAt} />
                  {cause !== undefined && `: ${cause}`}
                </div>
              )}
              {firedAt === undefined && breachedSince !== undefined && (
                <div>
                  Over the line since <Time at={breachedSince} />
                </div>
              )}
            </div>
            {firedAt !== undefined ? (
              <Badge tone="bad">fired</Badge>
            ) : breachedSince !== undefined ? (
              <Badge tone="ask">over the line</Badge>
            ) : (
              <Badge tone="quiet">quiet</Badge>
            )}
          </li>
        ))}
      </ul>
    </Section>
  );
}
