import type { ReleaseView } from "@gonogo/client";
import { ActionButton } from "../action/button.tsx";
import type { Action } from "../action/inputs.ts";
import { Time } from "../clock/time.tsx";
import { Badge, Section, type Tone } from "../kit/parts.tsx";
import { Person } from "../person/names.tsx";

type Reach = ReleaseView["reachable"]["components"][number]["to"];

const WORDS: Record<Reach, { readonly words: string; readonly tone: Tone }> = {
  untouched: { words: "not touched", tone: "quiet" },
  previous: { words: "goes back", tone: "good" },
  stopped: { words: "can be stopped", tone: "ask" },
  kept: { words: "stays", tone: "bad" },
};

interface Props {
  readonly view: ReleaseView;
  readonly choose: (action: Action) => void;
}

/** How far a rollback would get now, and the steps after which there is no way back. */
export function WayBack({ view, choose }: Props) {
  const { reachable, oneWay, fixForwards } = view;
  const isPlain = oneWay.length === 0 && fixForwards.length === 0 && reachable.steps.length === 0;
  if (isPlain && reachable.components.every(({ to }) => to === "untouched")) return null;
  const name = (id: string) => view.components.find((one) => one.id === id)?.name ?? id;
  return (
    <Section title="The way back">
      <ul class="rows">
        {reachable.components.map(({ component, to, why }) => (
          <li key={component}>
            <div>
              {name(component)}
              {why !== undefined && <div class="quiet">{why}</div>}
            </div>
            <Badge tone={WORDS[to].tone}>{WORDS[to].words}</Badge>
          </li>
        ))}
        {reachable.steps.map(({ step, what, why }) => (
          <li key={step}>
            <div>
              {what}
              <div class="quiet">{why}</div>
            </div>
            <Badge tone="bad">stays done</Badge>
          </li>
        ))}
      </ul>
      {oneWay.map(({ step, what, why, at, taken, approvals, given, loses }) => (
        <div key={step} class="one-way">
          <p>
            <b>{taken ? "✕ No way back any more: " : "! Point of no return: "}</b>
            {what}, <Time at={at} />. {why}
            {loses.length > 0 && ` ${loses.map(name).join(", ")} cannot go back after it.`}
          </p>
          {approvals.map((role) => {
            const signed = given.find((one) => one.role === role);
            return (
              <p key={role} class="quiet">
                {role}: {signed === undefined ? "not approved yet" : <Person id={signed.by} />}
              </p>
            );
          })}
          <div class="buttons">
            {view.actions
              .filter(({ command }) => command.type === "ApproveStep" && command.step === step)
              .map((action) => (
                <ActionButton key={action.label} action={action} choose={choose} text={action.label} />
              ))}
          </div>
        </div>
      ))}
      {fixForwards.map(({ cause, owner, by }) => (
        <p key={cause}>
          Being fixed forward by {owner}: {cause}{" "}
          <span class="quiet">
            (<Person id={by} />)
          </span>
        </p>
      ))}
    </Section>
  );
}
