import type { ReleaseView } from "@gonogo/client";
import { ActionButton } from "../action/button.tsx";
import type { Action } from "../action/inputs.ts";
import { Countdown, Time } from "../clock/time.tsx";
import { Badge, Empty, Section } from "../kit/parts.tsx";
import { Person } from "../person/names.tsx";

type Wait = ReleaseView["waitsFor"][number];

/** In one line: the most urgent thing that a release waits for, or else what comes next by itself. */
export function firstWait(view: Pick<ReleaseView, "waitsFor" | "upNext">): string | undefined {
  const [first, ...others] = view.waitsFor;
  if (first === undefined) return view.upNext === undefined ? undefined : `Next: ${view.upNext.what}`;
  const more = others.length === 0 ? "" : ` (and ${others.length} more)`;
  if (first.who.length === 0) return `${steady(first)}${more}`;
  return `Waits for ${first.who.join(" or ")}: ${steady(first)}${more}`;
}

/** What is waited for, without a length of time that was true when it was written: the countdown tells it. */
export function steady({ what, by }: Pick<Wait, "what" | "by">): string {
  return by === undefined ? what : what.replace(/ for another [\d a-z]+$/, "");
}

interface QuestionsProps {
  readonly view: ReleaseView;
  readonly choose: (action: Action) => void;
}

const ANSWERS = { rollback: "roll back", "go-on": "go on", "fix-forward": "fix forward" } as const;

/** Questions that are open: what is asked, of whom, until when, what silence means, and the answers. */
export function Questions({ view, choose }: QuestionsProps) {
  const urgent = view.waitsFor.filter((wait) => wait.urgent);
  if (urgent.length === 0) return null;
  return (
    <Section title={urgent.length === 1 ? "Open question" : "Open questions"} class="questions">
      <ul class="waits">
        {urgent.map((wait) => (
          <li key={wait.what}>
            <strong>{wait.what}</strong>
            <Details wait={wait} />
            {view.decisions
              .filter(({ question }) => question === wait.what)
              .map((decision) => (
                <Decision key={decision.id} decision={decision} view={view} choose={choose} />
              ))}
          </li>
        ))}
      </ul>
    </Section>
  );
}

type DecisionView = ReleaseView["decisions"][number];

function Decision({ decision, view, choose }: QuestionsProps & { readonly decision: DecisionView }) {
  const { id, causes, cast, votes, roles } = decision;
  const answers = view.actions.filter(({ command }) => command.type === "Decide" && command.decision === id);
  return (
    <>
      {causes.length > 0 && (
        <ul class="bullets">
          {causes.map(({ text, at }) => (
            <li key={`${text} ${at}`}>
              {text}, <Time at={at} />
            </li>
          ))}
        </ul>
      )}
      {votes === "all" && <p>All of them have to say so: {roles.join(", ")}.</p>}
      {cast.map(({ role, answer, by, reason }) => (
        <p key={role}>
          {role}: <b>{ANSWERS[answer]}</b>, <Person id={by} />
          {reason !== undefined && `: “${reason}”`}
        </p>
      ))}
      {answers.length > 0 && (
        <div class="buttons">
          {answers.map((action) => (
            <ActionButton
              key={action.label}
              action={action}
              choose={choose}
              text={action.label.split(":")[0] ?? action.label}
            />
          ))}
        </div>
      )}
    </>
  );
}

export function Waits({ view }: { readonly view: ReleaseView }) {
  const plain = view.waitsFor.filter((wait) => !wait.urgent);
  return (
    <Section title="Waits for">
      {plain.length === 0 && (
        <Empty>
          {view.waitsFor.length > 0 ? "Nothing but the answer that is asked for above." : "Nothing."}
        </Empty>
      )}
      <ul class="waits">
        {plain.map((wait) => (
          <li key={`${wait.what} ${wait.who.join()}`}>
            {steady(wait)}
            <Details wait={wait} />
          </li>
        ))}
      </ul>
    </Section>
  );
}

function Details({ wait }: { readonly wait: Wait }) {
  const { who, by, onSilence } = wait;
  return (
    <div class="wait-details">
      {who.map((role) => (
        <Badge key={role} tone={wait.urgent ? "ask" : "quiet"}>
          {role}
        </Badge>
      ))}
      {by !== undefined && (
        <span>
          until <Time at={by} /> (<Countdown to={by} />)
        </span>
      )}
      {onSilence === "rollback" && <span>Silence means rollback.</span>}
      {onSilence === "wait" && <span>Silence means it goes on waiting.</span>}
    </div>
  );
}
