/** Where the server's clock stood when it was last heard of, and how fast it goes. Milliseconds. */
export interface Anchor {
  readonly server: number;
  readonly local: number;
  /** Times the pace of the wall clock; other than 1 only in a demonstration. */
  readonly speed: number;
}

/** What the server's clock says when the viewer's says `local`. */
export function serverTime(anchor: Anchor, local: number): number {
  return anchor.server + Math.max(0, local - anchor.local) * anchor.speed;
}

/**
 * The anchor after the server named its time. A clock that shows less than before by a few seconds is the
 * network's delay, and is not followed back: a countdown that jumps back and forth is not believed.
 */
export function heard(anchor: Anchor, server: number, local: number, speed = anchor.speed): Anchor {
  const shown = serverTime(anchor, local);
  const back = shown - server;
  const jitter = speed === anchor.speed && back > 0 && back < 3000 * Math.max(1, speed);
  return { server: jitter ? shown : server, local, speed };
}

let anchor: Anchor = { server: Date.now(), local: Date.now(), speed: 1 };

/** The server's time now, in milliseconds. */
export function now(): number {
  return serverTime(anchor, Date.now());
}

export function hear(server: string, speed?: number): void {
  anchor = heard(anchor, Date.parse(server), Date.now(), speed);
}
