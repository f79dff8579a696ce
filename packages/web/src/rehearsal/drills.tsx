import type { Drill, RehearsalEntry } from "@gonogo/client";
import { releaseAddress } from "../app/route.ts";
import { Countdown, Time } from "../clock/time.tsx";
import { span } from "../kit/format.ts";
import { Badge, Empty, Loading, Section, type Tone, Trouble } from "../kit/parts.tsx";
import { useLoaded } from "../kit/use-loaded.ts";
import { useSession } from "../session/session.tsx";

/** Which ways back are due to be tried, and how those that were tried went. */
export function WaysBack() {
  const { client } = useSession();
  const { value, error, again } = useLoaded(
    async () => ({ drills: (await client.drills()).items, done: (await client.rehearsals()).items }),
    [],
  );
  return (
    <>
      <Section title="Drills of the way back">
        {value === undefined && error === undefined && <Loading what="the drills" />}
        {error !== undefined && <Trouble error={error} retry={again} />}
        {value?.drills.length === 0 && (
          <Empty>
            No plan says where its way back is tried. One that has <code>rehearse</code> is rehearsed from
            Plans.
          </Empty>
        )}
        <ul class="rows">
          {value?.drills.map((drill) => (
            <DrillRow key={`${drill.component} ${drill.environment}`} drill={drill} />
          ))}
        </ul>
      </Section>
      {value !== undefined && value.done.length > 0 && (
        <Section title="Rehearsals" aside={<span class="count">{value.done.length}</span>}>
          <ul class="rows">
            {value.done.map((entry) => (
              <Rehearsal key={entry.release} entry={entry} />
            ))}
          </ul>
        </Section>
      )}
    </>
  );
}

function DrillRow({
  drill: { component, environment, every, askedBy, last, due, overdue },
}: {
  drill: Drill;
}) {
  return (
    <li>
      <div>
        <b>{component}</b> in {environment}, every {millisOf(every)}
        <div class="quiet">
          {last === undefined ? (
            "Never tried"
          ) : (
            <>
              <a href={releaseAddress(last.release)}>{last.release}</a> had it back in {millisOf(last.took)}
            </>
          )}
          {due !== undefined && (
            <>
              {" · due "}
              <Time at={due} /> (<Countdown to={due} />)
            </>
          )}
          {" · asked by "}
          <a href={releaseAddress(askedBy)}>{askedBy}</a>
        </div>
      </div>
      <Badge tone={overdue ? "bad" : "good"}>{overdue ? "overdue" : "fine"}</Badge>
    </li>
  );
}

const TONES: Record<RehearsalEntry["outcome"], Tone> = {
  confirmed: "good",
  unconfirmed: "bad",
  incomplete: "ask",
};

function Rehearsal({
  entry: { release, of, environment, at, outcome, components, took, left },
}: {
  entry: RehearsalEntry;
}) {
  return (
    <li>
      <div>
        <a href={releaseAddress(release)}>{of}</a> in {environment}, <Time at={at} />
        <div class="quiet">
          All of it back in {millisOf(took)}
          {components.map(({ component, previous, next, back }) => (
            <span key={component}>
              {` · ${component} ${next} → ${previous}${back === undefined ? ", not put back" : ` in ${millisOf(back)}`}`}
            </span>
          ))}
        </div>
        {left.length > 0 && <div class="wrong">Left: {left.join("; ")}</div>}
      </div>
      <Badge tone={TONES[outcome]}>{outcome}</Badge>
    </li>
  );
}

const UNITS: Record<string, number> = { d: 86_400_000, h: 3_600_000, m: 60_000, s: 1_000, ms: 1 };

/** A length as the API writes it, `1h30m`, in words. */
function millisOf(text: string): string {
  const parts = [...text.matchAll(/([\d.]+)(ms|[dhms])/g)];
  return span(parts.reduce((sum, [, count, unit = ""]) => sum + Number(count) * (UNITS[unit] ?? 0), 0));
}
