import type { ReleaseView } from "@gonogo/client";
import { Time } from "../clock/time.tsx";
import { Evidence } from "../evidence/shown.tsx";
import { capital, fromT, span } from "../kit/format.ts";
import { Badge, Empty } from "../kit/parts.tsx";
import { Person } from "../person/names.tsx";
import { cutShortAt, stepWordsIn, verdictWords } from "../release/status.ts";
import { Command } from "../step/copy.tsx";

type Step = ReleaseView["steps"][number];

/** The timeline as a list: what, when, by whom, with what outcome. */
export function StepTable({ view }: { readonly view: ReleaseView }) {
  if (view.steps.length === 0) return <Empty>The plan has no steps.</Empty>;
  return (
    <table class="cards">
      <caption class="hidden">Steps of the release in the order of their planned start</caption>
      <thead>
        <tr>
          <th scope="col">Offset</th>
          <th scope="col">Step</th>
          <th scope="col">Owner</th>
          <th scope="col">Status</th>
          <th scope="col">Planned</th>
          <th scope="col">Actual</th>
        </tr>
      </thead>
      <tbody>
        {view.steps.map((step) => (
          <Row key={step.id} step={step} view={view} />
        ))}
      </tbody>
    </table>
  );
}

function Row({ step, view }: { readonly step: Step; readonly view: ReleaseView }) {
  const t = view.t ?? view.plannedT;
  const { words, tone } = stepWordsIn(view, step);
  return (
    <tr>
      <td data-label="Offset">
        <b>{fromT(t, step.plannedStart)}</b>
      </td>
      <th scope="row">
        {step.what}
        {step.phase !== undefined && (
          <div class="quiet">
            Phase {step.phase.name}: {step.phase.percent} % of {step.phase.of}
          </div>
        )}
        <More step={step} release={view.id} />
      </th>
      <td data-label="Owner">{step.owner}</td>
      <td data-label="Status">
        <Badge tone={tone}>{capital(words)}</Badge>
        {step.promoted && <div class="quiet">promoted by hand</div>}
        {step.overdue && <div class="wrong">overdue</div>}
        {step.heldWhy !== undefined && <div class="quiet">{step.heldWhy}</div>}
      </td>
      <td data-label="Planned">
        <Time at={step.plannedStart} />
        {step.plannedEnd !== step.plannedStart && (
          <div class="quiet">for {span(Date.parse(step.plannedEnd) - Date.parse(step.plannedStart))}</div>
        )}
      </td>
      <td data-label="Actual">
        <Actual step={step} t={t} cut={cutShortAt(view, step)} />
      </td>
    </tr>
  );
}

interface ActualProps {
  readonly step: Step;
  readonly t: string;
  /** When it was cut short. */
  readonly cut: string | undefined;
}

function Actual({ step, t, cut }: ActualProps) {
  const { startedAt, watchUntil, by } = step;
  const endedAt = step.endedAt ?? cut;
  if (startedAt === undefined) return <span class="quiet">not yet</span>;
  return (
    <>
      <Time at={startedAt} /> <span class="quiet">({fromT(t, startedAt)})</span>
      {endedAt !== undefined && endedAt !== startedAt && (
        <div>
          to <Time at={endedAt} />
        </div>
      )}
      {endedAt === undefined && watchUntil !== undefined && (
        <div>
          watched until <Time at={watchUntil} />
        </div>
      )}
      {by !== undefined && (
        <div>
          by <Person id={by} />
        </div>
      )}
    </>
  );
}

function More({ step, release }: { readonly step: Step; readonly release: string }) {
  const { command, expect, output, evidence, file, judged } = step;
  const has =
    [command, expect, output, evidence, file].some((text) => text !== undefined) || judged.length > 0;
  if (!has) return null;
  return (
    <details>
      <summary>
        Details<span class="hidden"> of {step.what}</span>
      </summary>
      <dl class="details">
        {command !== undefined && <Pair name="Command" value={<Command text={command} name={step.what} />} />}
        {expect !== undefined && <Pair name="Expected" value={expect} />}
        {output !== undefined && <Pair name="Seen" value={output} />}
        {(evidence !== undefined || file !== undefined) && (
          <Pair name="Evidence" value={<Evidence release={release} text={evidence} file={file} />} />
        )}
        {judged.map(({ metric, verdict, why }) => (
          <Pair
            key={metric}
            name={metric}
            value={
              <>
                <Badge tone={verdictWords(verdict).tone}>{verdict}</Badge> {why}
              </>
            }
          />
        ))}
      </dl>
    </details>
  );
}

function Pair({ name, value }: { readonly name: string; readonly value: preact.ComponentChildren }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{value}</dd>
    </div>
  );
}
