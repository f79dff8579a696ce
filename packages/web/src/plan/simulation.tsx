import type { SimulationResult } from "@gonogo/client";
import { useId, useState } from "preact/hooks";
import { capital, plainWords, span } from "../kit/format.ts";
import { Badge, Section, Trouble } from "../kit/parts.tsx";
import { statusWords } from "../release/status.ts";
import { Rollback } from "../rollback/items.tsx";
import { useSession } from "../session/session.tsx";
import { TimelineChart } from "../timeline/chart.tsx";
import { lanesOf } from "../timeline/rows.ts";

/** Runs the whole release in a moment, with an alarm at a chosen time, and shows how it ends. */
export function Simulation({
  text,
  signals,
}: {
  readonly text: string;
  readonly signals: readonly string[];
}) {
  const { client, announce } = useSession();
  const [alarm, setAlarm] = useState("");
  const [at, setAt] = useState("T+10m");
  const [people, setPeople] = useState<"punctual" | "absent">("punctual");
  const [busy, setBusy] = useState(false);
  const [result, setResult] = useState<SimulationResult>();
  const [error, setError] = useState<unknown>();
  const id = useId();
  const run = async (event: Event) => {
    event.preventDefault();
    setBusy(true);
    setError(undefined);
    setResult(undefined);
    try {
      const alarms = alarm === "" ? {} : { alarms: [{ name: alarm, at }] };
      const found = await client.simulate({ text, people, ...alarms });
      setResult(found);
      announce(`Simulated: ${statusWords(found.status, false).words}`);
    } catch (trouble) {
      setError(trouble);
    } finally {
      setBusy(false);
    }
  };
  return (
    <Section title="What if">
      <form class="what-if" onSubmit={run}>
        <label for={`${id}-alarm`}>Alarm</label>
        <select id={`${id}-alarm`} value={alarm} onChange={(event) => setAlarm(event.currentTarget.value)}>
          <option value="">none: everything goes well</option>
          {signals.map((name) => (
            <option key={name} value={name}>
              {name}
            </option>
          ))}
        </select>
        <label for={`${id}-at`}>goes off at</label>
        <input
          id={`${id}-at`}
          value={at}
          disabled={alarm === ""}
          onInput={(event) => setAt(event.currentTarget.value)}
        />
        <label for={`${id}-people`}>People</label>
        <select
          id={`${id}-people`}
          value={people}
          onChange={(event) => setPeople(event.currentTarget.value === "absent" ? "absent" : "punctual")}
        >
          <option value="punctual">answer at once</option>
          <option value="absent">do not answer</option>
        </select>
        <button type="submit" disabled={busy}>
          {busy ? "Simulating …" : "Simulate"}
        </button>
      </form>
      {error !== undefined && <Trouble error={error} />}
      {result !== undefined && <Outcome result={result} />}
    </Section>
  );
}

function Outcome({ result }: { readonly result: SimulationResult }) {
  const { view, records } = result;
  const { words, tone } = statusWords(result.status, view.paused !== undefined);
  const lasted = Date.parse(result.to) - Date.parse(result.from);
  return (
    <div class="outcome">
      <p>
        <Badge tone={tone}>{words}</Badge> after {span(lasted)}, in {result.wallMs} ms here; {records.length}{" "}
        records, {result.verified ? "chain verified" : "chain NOT verified"}.
      </p>
      {view.why !== undefined && <p>{view.why}</p>}
      <TimelineChart
        lanes={lanesOf(view, Date.parse(result.to))}
        t={view.t ?? view.plannedT}
        table="the list of events under the chart"
      />
      <Rollback view={view} />
      <details>
        <summary>Events of the simulation</summary>
        <ol class="plain">
          {records.map(({ seq, at, event }) => (
            <li key={seq}>
              {at.slice(0, 16).replace("T", " ")} {capital(plainWords(event.type))}
            </li>
          ))}
        </ol>
      </details>
    </div>
  );
}
