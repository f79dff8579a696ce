import type { ReleaseView } from "@gonogo/client";
import { Empty, Section } from "../kit/parts.tsx";
import { ActionButton } from "./button.tsx";
import { matters, shortLabel, steering } from "./groups.ts";
import type { Action } from "./inputs.ts";

interface Props {
  readonly view: ReleaseView;
  readonly choose: (action: Action) => void;
}

const GROUPS = [
  { tone: "answer", title: "Answer" },
  { tone: "advance", title: "Advance" },
  { tone: "stop", title: "Stop" },
] as const;

/** What the one who looks may do now, except steering, which is in the bar. */
export function ActionPanel({ view, choose }: Props) {
  const groups = GROUPS.map((group) => ({ ...group, found: matters(view.actions, group.tone) }));
  const none = groups.every(({ found }) => found.length === 0);
  return (
    <Section title="Your part">
      {none && <Empty>Nothing is asked of you now.</Empty>}
      {groups
        .filter(({ found }) => found.length > 0)
        .map(({ tone, title, found }) => (
          <div key={tone} class="action-group">
            <h3>{title}</h3>
            <ul class="matters">
              {found.map((matter) => (
                <li key={matter.key}>
                  {matter.title !== "" && <span>{matter.title}</span>}
                  <span class="buttons">
                    {matter.actions.map((action) => (
                      <ActionButton
                        key={action.label}
                        action={action}
                        choose={choose}
                        text={matter.title === "" ? action.label : shortLabel(action)}
                      />
                    ))}
                  </span>
                </li>
              ))}
            </ul>
          </div>
        ))}
    </Section>
  );
}

/** Pause, resume, roll back: at the bottom edge of the window, whatever is scrolled to. */
export function SteeringBar({ view, choose }: Props) {
  const actions = steering(view.actions);
  if (actions.length === 0) return null;
  return (
    <section class="steering" aria-label="Steer the release">
      {actions.map((action) => (
        <ActionButton key={action.label} action={action} choose={choose} text={action.label} />
      ))}
    </section>
  );
}
