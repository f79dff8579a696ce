import type { Instant } from "../kit/instant.ts";

/** A freeze of the deployment's calendar that a release is in, or comes into. */
export interface LiveFreeze {
  readonly id: string;
  readonly name: string;
  readonly from: Instant;
  readonly to: Instant;
  /** The components of the release that stand still; unset: all of it. */
  readonly components?: readonly string[];
  readonly source: "rule" | "declared" | "import";
  readonly incident?: string | undefined;
}

export interface LiveWindow {
  readonly id: string;
  readonly name: string;
  readonly from: Instant;
  readonly to: Instant;
}

/** What the deployment's calendar means for a release, as far as it has been told. */
export interface CalendarOfRelease {
  /** By id. */
  readonly freezes?: Readonly<Record<string, LiveFreeze>>;
  readonly windows?: readonly LiveWindow[];
  /** Freezes that it goes on in, each recorded once. */
  readonly exempted?: readonly string[];
  /** T as it was when the gates opened, where a freeze or a window has moved it. */
  readonly movedFrom?: Instant;
}
