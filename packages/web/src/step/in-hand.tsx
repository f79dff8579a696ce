import type { ReleaseView } from "@gonogo/client";
import { useState } from "preact/hooks";
import type { Action } from "../action/inputs.ts";
import { Countdown, Time } from "../clock/time.tsx";
import { EvidenceField, isUploading } from "../evidence/field.tsx";
import { evidenceIn } from "../evidence/reference.ts";
import { fromT } from "../kit/format.ts";
import { Badge, Section } from "../kit/parts.tsx";
import { isOver, stepWordsIn } from "../release/status.ts";
import { Command } from "./copy.tsx";

type Step = ReleaseView["steps"][number];

const BY_PEOPLE: readonly Step["kind"][] = ["manual", "check", "probe"];

/** The steps that are being done, or else the one that comes next. */
export function stepsInHand(view: Pick<ReleaseView, "steps" | "status">): readonly Step[] {
  if (isOver(view.status) || view.status === "rolling-back") return [];
  const going = view.steps.filter(
    ({ kind, status }) =>
      status === "failed" ||
      status === "held" ||
      (BY_PEOPLE.includes(kind) && status === "running") ||
      (kind === "phase" && (status === "running" || status === "shifting")),
  );
  if (going.length > 0) return going;
  return view.steps
    .filter(({ status }) => status === "waiting")
    .toSorted((a, b) => a.plannedStart.localeCompare(b.plannedStart))
    .slice(0, 1);
}

interface Props {
  readonly view: ReleaseView;
  readonly choose: (action: Action) => void;
}

/** The line of the runbook that one is at: what to type, what to expect, where to put what was seen. */
export function InHand({ view, choose }: Props) {
  const steps = stepsInHand(view);
  if (steps.length === 0) return null;
  const isNext = steps.every(({ status }) => status === "waiting");
  return (
    <Section title={isNext ? "Next step" : "Step in hand"} class={isNext ? "" : "in-hand"}>
      {steps.map((step) => (
        <One key={step.id} step={step} view={view} choose={choose} />
      ))}
    </Section>
  );
}

function One({ step, view, choose }: Props & { readonly step: Step }) {
  const { id, what, owner, command, expect, plannedStart, status, heldWhy, overdue } = step;
  const { words, tone } = stepWordsIn(view, step);
  const [output, setOutput] = useKept(`${view.id} ${id} output`);
  const [evidence, setEvidence] = useKept(`${view.id} ${id} evidence`);
  const mine = view.actions.filter((action) => "step" in action.command && action.command.step === id);
  const answers = mine.filter(({ command: { type } }) => type === "CompleteStep");
  const others = mine.filter(({ command: { type } }) => type !== "CompleteStep");
  const filled = (action: Action): Action => ({
    ...action,
    command: {
      ...action.command,
      ...(output.trim() === "" ? {} : { output: output.trim() }),
      ...(evidence.trim() === "" ? {} : { evidence: evidenceIn(evidence.trim()) }),
    } as Action["command"],
  });
  return (
    <article class="step-in-hand">
      <div class="card-head">
        <h3>{what}</h3>
        <Badge tone={tone}>{words}</Badge>
      </div>
      <p class="quiet">
        {owner} · {fromT(view.t ?? view.plannedT, plannedStart)}, <Time at={plannedStart} />
        {status === "waiting" && (
          <>
            {" "}
            (<Countdown to={plannedStart} />)
          </>
        )}
      </p>
      {overdue === true && <p class="late">✕ It should have been done by now.</p>}
      {heldWhy !== undefined && <p class="trouble">{heldWhy}</p>}
      {command !== undefined && <Command text={command} name={what} />}
      {expect !== undefined && (
        <p>
          <span class="quiet">Expected: </span>
          {expect}
        </p>
      )}
      {answers.length > 0 && (
        <>
          <div class="field">
            <label for={`out-${id}`}>
              What was seen <span class="quiet">(optional)</span>
            </label>
            <textarea
              id={`out-${id}`}
              class="code"
              rows={2}
              value={output}
              onInput={(event) => setOutput(event.currentTarget.value)}
            />
          </div>
          <div class="field">
            <label for={`ev-${id}`}>
              Evidence <span class="quiet">(optional)</span>
            </label>
            <EvidenceField id={`ev-${id}`} release={view.id} value={evidence} onInput={setEvidence} />
          </div>
        </>
      )}
      {mine.length > 0 && (
        <div class="buttons">
          {[...answers, ...others].map((action) => (
            <button
              key={action.label}
              type="button"
              class={isDone(action) ? "primary" : action.tone === "stop" ? "warn" : ""}
              aria-haspopup="dialog"
              aria-label={action.label}
              onClick={({ currentTarget }) => {
                if (isUploading(currentTarget.closest("article"))) return;
                choose(action.command.type === "CompleteStep" ? filled(action) : action);
              }}
            >
              {action.label.split(":")[0]}
            </button>
          ))}
        </div>
      )}
      {mine.length === 0 && status !== "waiting" && <p class="quiet">For {owner} to answer.</p>}
    </article>
  );
}

function isDone({ command }: Action): boolean {
  return command.type === "CompleteStep" && command.ok !== false;
}

/** What was typed and not sent yet is there again after a reload, in this tab. */
function useKept(key: string): [string, (text: string) => void] {
  const name = `gonogo.typed ${key}`;
  const [text, setText] = useState(() => sessionStorage.getItem(name) ?? "");
  const keep = (next: string) => {
    if (next === "") sessionStorage.removeItem(name);
    else sessionStorage.setItem(name, next);
    setText(next);
  };
  return [text, keep];
}
