import type { Preview, SimulationResult } from "@gonogo/client";
import { useEffect, useId, useRef, useState } from "preact/hooks";
import { capital, fromT, plainWords, span } from "../kit/format.ts";
import { Badge, Section, Trouble } from "../kit/parts.tsx";
import { statusWords } from "../release/status.ts";
import { Rollback } from "../rollback/items.tsx";
import { useSession } from "../session/session.tsx";
import { TimelineChart } from "../timeline/chart.tsx";
import { lanesOf } from "../timeline/rows.ts";
import { firstGuess, minutesOf, offsetText } from "./what-if.ts";

interface Props {
  readonly text: string;
  readonly signals: readonly string[];
  readonly rows: Preview["rows"];
  readonly t: string;
}

interface Wish {
  readonly alarm: string;
  readonly minute: number;
  readonly people: "punctual" | "absent";
}

/** How long the slider has to rest before the release is run again. */
const REST_MS = 250;

/** Runs the whole release in a moment, with an alarm at a chosen minute, and shows how it ends. */
export function Simulation({ text, signals, rows, t }: Props) {
  const [wish, setWish] = useState<Wish>({ alarm: "", minute: firstGuess(rows, t), people: "punctual" });
  const { from, to } = minutesOf(rows, t);
  const id = useId();
  const { result, error, busy, by, why, whole } = useSimulated(text, wish);
  const at = Date.parse(t) + wish.minute * 60_000;
  const hasAlarm = wish.alarm !== "";
  return (
    <Section title="What if" class="what-if-part" aside={busy && <span class="quiet">Simulating …</span>}>
      <div class="what-if">
        <label for={`${id}-alarm`}>Alarm</label>
        <select
          id={`${id}-alarm`}
          value={wish.alarm}
          onChange={(event) => setWish({ ...wish, alarm: event.currentTarget.value })}
        >
          <option value="">none: everything goes well</option>
          {signals.map((name) => (
            <option key={name} value={name}>
              {name}
            </option>
          ))}
        </select>
        <label for={`${id}-at`}>goes off at</label>
        <div class="slider">
          <input
            id={`${id}-at`}
            type="range"
            min={from}
            max={to}
            step={1}
            value={wish.minute}
            disabled={!hasAlarm}
            aria-valuetext={fromT(t, at)}
            onInput={(event) => setWish({ ...wish, minute: Number(event.currentTarget.value) })}
          />
          <input
            type="number"
            aria-label="Minutes after T"
            min={from}
            max={to}
            value={wish.minute}
            disabled={!hasAlarm}
            onInput={(event) => {
              const minute = Number(event.currentTarget.value);
              if (Number.isInteger(minute)) setWish({ ...wish, minute });
            }}
          />
          <output>{hasAlarm ? fromT(t, at) : ""}</output>
        </div>
        <label for={`${id}-people`}>People</label>
        <select
          id={`${id}-people`}
          value={wish.people}
          onChange={(event) =>
            setWish({ ...wish, people: event.currentTarget.value === "absent" ? "absent" : "punctual" })
          }
        >
          <option value="punctual">answer at once</option>
          <option value="absent">do not answer</option>
        </select>
      </div>
      {error !== undefined && <Trouble error={error} />}
      {result !== undefined && (
        <Outcome
          result={result}
          by={by}
          why={why}
          whole={by === "rules" && why === undefined && !busy ? whole : undefined}
          {...(hasAlarm ? { mark: { at, name: wish.alarm } } : {})}
        />
      )}
    </Section>
  );
}

interface Found {
  readonly result?: SimulationResult;
  readonly error?: unknown;
  readonly busy: boolean;
  /** By the rules alone, or by the deployment's own machines as well. */
  readonly by: "rules" | "machines";
  /** Why the machines were not asked in the end. */
  readonly why?: string;
}

/** The release as it would go, a moment after the last wish. An answer to an earlier wish is dropped. */
function useSimulated(text: string, wish: Wish) {
  const { client } = useSession();
  const [found, setFound] = useState<Found>({ busy: false, by: "rules" });
  const latest = useRef<(by: Found["by"]) => Promise<void>>(undefined);
  const { alarm, minute, people } = wish;
  useEffect(() => {
    let left = false;
    const alarms = alarm === "" ? {} : { alarms: [{ name: alarm, at: offsetText(minute) }] };
    const run = async (by: Found["by"]) => {
      setFound((before) => ({ ...before, busy: true }));
      try {
        const result = await client.simulate({ text, people, quick: by === "rules", ...alarms });
        if (left) return;
        setFound({ result, busy: false, by });
      } catch (error) {
        // What the rules say stands where the machines have no say, such as on an alarm of another system.
        const why = error instanceof Error ? error.message : String(error);
        if (!left)
          setFound((before) =>
            by === "rules" ? { error, busy: false, by } : { ...before, busy: false, why },
          );
      }
    };
    latest.current = run;
    const timer = setTimeout(() => run("rules"), REST_MS);
    return () => {
      left = true;
      clearTimeout(timer);
    };
  }, [client, text, alarm, alarm === "" ? 0 : minute, people]);
  return { ...found, whole: () => void latest.current?.("machines") };
}

interface OutcomeProps extends Pick<Found, "by"> {
  readonly why: string | undefined;
  /** Runs it with the machines as well. */
  readonly whole: (() => void) | undefined;
  readonly result: SimulationResult;
  readonly mark?: { readonly at: number; readonly name: string };
}

function Outcome({ result, by, why, whole, mark }: OutcomeProps) {
  const { view, records } = result;
  const { words, tone } = statusWords(result.status, view.paused !== undefined);
  const lasted = Date.parse(result.to) - Date.parse(result.from);
  const most = Math.max(0, ...view.components.map(({ share }) => share));
  return (
    <div class="outcome">
      <p role="status">
        <Badge tone={tone}>{words}</Badge> after {span(lasted)}
        {view.rollback === undefined && most > 0 && `, ${most} % on the new version`}.
      </p>
      <p class="quiet">
        {by === "rules"
          ? "By the rules alone"
          : "With the deployment’s own machines, queues, retries and clock, as gonogo simulate"}
        , in {result.wallMs} ms; {records.length} records,{" "}
        {result.verified ? "chain verified" : "chain NOT verified"}.
        {why !== undefined && ` The machines were not run: ${why}.`}{" "}
        {whole !== undefined && (
          <button type="button" class="link" onClick={whole}>
            Run the deployment’s own simulation
          </button>
        )}
      </p>
      {view.why !== undefined && <p>{view.why}</p>}
      <TimelineChart
        lanes={lanesOf(view, Date.parse(result.to))}
        t={view.t ?? view.plannedT}
        table="the list of events under the chart"
        shares={sharesIn(records)}
        {...(mark === undefined ? {} : { mark })}
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

/** What each component's share was, out of a simulation's log. */
function sharesIn(records: SimulationResult["records"]): Record<string, { at: number; value: number }[]> {
  const shares: Record<string, { at: number; value: number }[]> = {};
  const note = (component: string, at: string, value: number) => {
    shares[component] = [...(shares[component] ?? []), { at: Date.parse(at), value }];
  };
  for (const { at, event } of records) {
    if (event.type === "ReleaseStarted") {
      for (const { component, observed } of event.components) note(component, at, observed.share);
    } else if (event.type === "ShiftDone" || event.type === "TargetObserved") {
      note(event.component, at, event.observed.share);
    } else if (event.type === "RollbackItemDone" && event.observed !== undefined) {
      note(event.item, at, event.observed.share);
    }
  }
  return shares;
}
