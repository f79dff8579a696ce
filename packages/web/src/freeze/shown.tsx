import type { ReleaseView } from "@gonogo/client";
import { ShortTime, Time } from "../clock/time.tsx";
import { Badge } from "../kit/parts.tsx";

/** Freezes that hold or come, and the windows that a release may run in. */
export function Freezes({ view }: { readonly view: ReleaseView }) {
  const { freezes, window, movedFrom } = view;
  if (freezes.length === 0 && window === undefined && movedFrom === undefined) return null;
  return (
    <ul class="freezes">
      {freezes.map(({ name, from, to, active, exempted, incident, components }) => (
        <li key={`${name} ${from}`}>
          <Badge tone={active && !exempted ? "bad" : active ? "busy" : "ask"}>
            {active ? (exempted ? "in a freeze, as a hotfix" : "frozen") : "freeze to come"}
          </Badge>{" "}
          {name}
          {incident !== undefined && ` (${incident})`}: <ShortTime at={from} /> to <ShortTime at={to} />
          {components !== undefined && `, ${components.join(", ")}`}
        </li>
      ))}
      {window !== undefined && (
        <li>
          <Badge tone={window.open ? "good" : "ask"}>
            {window.open ? "in its maintenance window" : "outside its maintenance window"}
          </Badge>{" "}
          {window.next[0] !== undefined && (
            <>
              next: {window.next[0].name}, <Time at={window.next[0].from} />
            </>
          )}
        </li>
      )}
      {movedFrom !== undefined && (
        <li>
          T was moved from <Time at={movedFrom} />.
        </li>
      )}
    </ul>
  );
}
