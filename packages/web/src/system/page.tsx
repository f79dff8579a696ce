import type { Examination } from "@gonogo/client";
import { Time } from "../clock/time.tsx";
import { Badge, Loading, Section, type Tone, Trouble } from "../kit/parts.tsx";
import { useLoaded } from "../kit/use-loaded.ts";
import { useSession } from "../session/session.tsx";
import { Integrations } from "./integrations.tsx";

const TONES: Record<Examination["findings"][number]["condition"], Tone> = {
  well: "good",
  warning: "ask",
  ill: "bad",
  unknown: "quiet",
};

/** Whether everything that gonogo stands on is well, and what to do about what is not. */
export function SystemPage() {
  return (
    <>
      <h1 tabIndex={-1}>System</h1>
      <div class="columns">
        <Integrations />
        <Doctor />
      </div>
    </>
  );
}

function Doctor() {
  const { client } = useSession();
  const { value, error, again } = useLoaded(() => client.doctor(), []);
  const wrong = (value?.findings ?? []).filter(({ condition }) => condition !== "well");
  const well = (value?.findings ?? []).filter(({ condition }) => condition === "well");
  return (
    <Section
      title="Health"
      aside={
        <button type="button" onClick={again}>
          Look again
        </button>
      }
    >
      {value === undefined && error === undefined && <Loading what="what the doctor finds" />}
      {error !== undefined && <Trouble error={error} retry={again} />}
      {value !== undefined && (
        <p role="status">
          {wrong.length === 0 ? `✓ All ${well.length} parts are well` : `✕ ${wrong.length} need a look`}, as
          of <Time at={value.at} />.
        </p>
      )}
      <Findings findings={wrong} />
      {well.length > 0 && (
        <details>
          <summary>{well.length} that are well</summary>
          <Findings findings={well} />
        </details>
      )}
    </Section>
  );
}

function Findings({ findings }: { readonly findings: Examination["findings"] }) {
  return (
    <ul class="rows">
      {findings.map(({ part, condition, says, remedy }) => (
        <li key={part}>
          <div>
            <b>{part}</b>: {says}
            {remedy !== undefined && <div class="quiet">{remedy}</div>}
          </div>
          <Badge tone={TONES[condition]}>{condition}</Badge>
        </li>
      ))}
    </ul>
  );
}
