import type { CommandRequest, Foreseen } from "@gonogo/client";
import { useEffect, useState } from "preact/hooks";
import { Countdown } from "../clock/time.tsx";
import { statusWords } from "../release/status.ts";
import { useSession } from "../session/session.tsx";

interface Props {
  readonly id: string;
  readonly release: string;
  /** What the action says of itself, until the server has said more. */
  readonly effect: string;
  readonly request: CommandRequest;
}

/** So many that the reason and the button stay on a phone's screen. */
const MOST_SHOWN = 4;

/** What a command would bring about, asked of the server before it is given, and again when things change. */
export function WhatHappens({ id, release, effect, request }: Props) {
  const { client, live } = useSession();
  const [found, setFound] = useState<Foreseen | Error>();
  const text = JSON.stringify(request);
  useEffect(() => {
    let left = false;
    const look = async () => {
      try {
        const seen = await client.foresee(release, JSON.parse(text) as CommandRequest);
        if (!left) setFound(seen);
      } catch (error) {
        if (!left) setFound(error instanceof Error ? error : new Error(String(error)));
      }
    };
    const timer = setTimeout(look, found === undefined ? 0 : 300);
    const unlisten = live.listen(release, () => void look());
    return () => {
      left = true;
      clearTimeout(timer);
      unlisten();
    };
  }, [client, live, release, text]);
  return (
    <section id={id} class="foreseen" aria-live="polite" aria-label="What will happen">
      {(found === undefined || found instanceof Error) && <p>{effect}</p>}
      {found === undefined ? <p class="quiet">Working out what will happen …</p> : <Told found={found} />}
    </section>
  );
}

export function Told({ found }: { readonly found: Foreseen | Error }) {
  if (found instanceof Error) {
    return <p class="quiet">What will happen cannot be worked out now: {found.message}</p>;
  }
  if (!found.ok) {
    return (
      <p class="trouble">
        <b>It would be refused now:</b> {found.message}.
      </p>
    );
  }
  const { does, from, to, waits, next } = found;
  return (
    <>
      <h3>What will happen</h3>
      <ul class="bullets">
        {from !== to && (
          <li>
            The release goes from “{statusWords(from, false).words}” to “{statusWords(to, false).words}”.
          </li>
        )}
        {does.slice(0, MOST_SHOWN).map((one) => (
          <li key={one}>{one}</li>
        ))}
        {does.length === 0 && from === to && <li>It is recorded; nothing moves by it.</li>}
      </ul>
      {does.length > MOST_SHOWN && (
        <details>
          <summary>And {does.length - MOST_SHOWN} more</summary>
          <ul class="bullets">
            {does.slice(MOST_SHOWN).map((one) => (
              <li key={one}>{one}</li>
            ))}
          </ul>
        </details>
      )}
      {waits.length > 0 && (
        <p class="quiet">
          Then it waits for: {waits.slice(0, 3).join("; ")}
          {waits.length > 3 && `; and ${waits.length - 3} more`}.
        </p>
      )}
      {next !== undefined && (
        <p class="quiet">
          Next by itself: {next.what} <Countdown to={next.at} />.
        </p>
      )}
    </>
  );
}
