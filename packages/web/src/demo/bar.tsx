import type { DemoChange, DemoState } from "@gonogo/client";
import { useState } from "preact/hooks";
import { releaseAddress } from "../app/route.ts";
import { useSession } from "../session/session.tsx";
import { Dial } from "./dial.tsx";

const SPEEDS = [1, 10, 60, 300, 600];

/** Marks the demonstration as one, and holds its controls. */
export function DemoBar({ demo }: { readonly demo: DemoState }) {
  const { client, credentials, signIn, setDemo, announce } = useSession();
  const [open, setOpen] = useState(false);
  const turn = async (change: DemoChange) => {
    try {
      const state = await client.turn(change);
      setDemo(state);
      if (change.restart === true && state.release !== undefined)
        location.hash = releaseAddress(state.release);
    } catch (error) {
      announce(error instanceof Error ? error.message : String(error), "bad");
    }
  };
  const speeds = SPEEDS.includes(demo.speed) ? SPEEDS : [...SPEEDS, demo.speed].sort((a, b) => a - b);
  return (
    <aside class="demo" aria-label="Demonstration">
      <div class="demo-line">
        <strong class="demo-mark">Demonstration</strong>
        <label>
          You are
          <select
            value={credentials?.kind === "demo" ? credentials.id : ""}
            onChange={(event) => signIn({ kind: "demo", id: event.currentTarget.value })}
          >
            {demo.people.map(({ id, name, roles }) => (
              <option key={id} value={id}>
                {name}
                {roles.length === 0 ? "" : ` (${roles.join(", ")})`}
              </option>
            ))}
          </select>
        </label>
        <label>
          Clock
          <select
            value={String(demo.speed)}
            onChange={(event) => turn({ speed: Number(event.currentTarget.value) })}
          >
            {speeds.map((speed) => (
              <option key={speed} value={String(speed)}>
                {speedWords(speed)}
              </option>
            ))}
          </select>
        </label>
        <button type="button" aria-expanded={open} aria-controls="dials" onClick={() => setOpen(!open)}>
          Dials
        </button>
      </div>
      <div id="dials" class="dials" hidden={!open}>
        <Service demo={demo} turn={turn} />
        <fieldset>
          <legend>{demo.app.name}</legend>
          <Dial
            label="Crash-free sessions"
            unit="%"
            max={100}
            step={0.1}
            value={demo.app.crashFreePercent}
            turn={(crashFreePercent) => turn({ crashFreePercent })}
          />
        </fieldset>
        <fieldset>
          <legend>Sample release</legend>
          <label class="inline">
            <input
              type="checkbox"
              checked={demo.standIns}
              onChange={(event) => turn({ standIns: event.currentTarget.checked })}
            />
            Stand-in people answer
          </label>
          <button type="button" onClick={() => turn({ restart: true })}>
            Restart the sample
          </button>
          {demo.release !== undefined && <a href={releaseAddress(demo.release)}>Go to {demo.release}</a>}
        </fieldset>
      </div>
    </aside>
  );
}

interface ServiceProps {
  readonly demo: DemoState;
  readonly turn: (change: DemoChange) => Promise<void>;
}

function Service({ demo: { service }, turn }: ServiceProps) {
  return (
    <>
      {service.versions.map((dial) => (
        <fieldset key={dial.version}>
          <legend>
            {service.name}, version {dial.version}
          </legend>
          <Dial
            label={`Errors of version ${dial.version}`}
            unit="%"
            max={100}
            step={0.1}
            value={dial.errorPercent}
            turn={(errorPercent) => turn({ version: { ...dial, errorPercent } })}
          />
          <Dial
            label={`Latency of version ${dial.version}`}
            unit="ms"
            max={60_000}
            step={10}
            value={dial.latencyMs}
            turn={(latencyMs) => turn({ version: { ...dial, latencyMs } })}
          />
        </fieldset>
      ))}
      <fieldset>
        <legend>{service.name}, load</legend>
        <Dial
          label="Requests per minute"
          unit=""
          max={100_000}
          step={1}
          value={service.requestsPerMinute}
          turn={(requestsPerMinute) => turn({ requestsPerMinute })}
        />
      </fieldset>
    </>
  );
}

function speedWords(speed: number): string {
  if (speed === 0) return "stands still";
  if (speed === 1) return "as it is";
  if (speed % 3600 === 0) return `${speed / 3600} h a second`;
  if (speed % 60 === 0) return `${speed / 60} min a second`;
  return `${speed} s a second`;
}
