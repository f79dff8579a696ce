import type { TargetAdapters } from "@gonogo/adapters/targets";
import type { ArchiveShelves } from "@gonogo/core/archive/port";
import type { AnchorStore, Copies, CopiesElsewhere } from "@gonogo/core/audit/ports";
import type { Signer, SignerBefore, TrustedKey, TrustedKeyBefore } from "@gonogo/core/audit/signature";
import type { CheckProbe } from "@gonogo/core/check/port";
import type { Inspector } from "@gonogo/core/doctor/port";
import type { ObjectStore } from "@gonogo/core/evidence/port";
import type { TestAlarm } from "@gonogo/core/integration/port";
import type { Channel } from "@gonogo/core/message/port";
import type { MetricReader } from "@gonogo/core/metric/port";
import type { Guard } from "@gonogo/core/refusal/ports";
import type { Bus, Clock, Machines, ReleaseStore, StandBy, Timers } from "@gonogo/core/release/ports";
import type { AlarmReader } from "@gonogo/core/signal/port";
import type { ProbeStep } from "@gonogo/core/step/schema";
import type { TrustStanding } from "./trusted-root.ts";

/** A line of a function's log. Never a token, a secret or a person's name (S16). */
export interface Log {
  info(message: string, about?: Record<string, unknown>): void;
  warn(message: string, about?: Record<string, unknown>): void;
  error(message: string, about?: Record<string, unknown>): void;
}

export interface CalendarFeeds {
  /** Why an address is not fetched by this deployment; undefined when it is. */
  whyNot(address: string): string | undefined;
  /** The text there. Throws OutsideError. */
  fetch(address: string): Promise<string>;
}

/** Everything the functions reach outside of themselves for. Made once a process, see entry/runtime.ts. */
export interface Runtime {
  readonly clock: Clock;
  readonly store: ReleaseStore;
  readonly machines: Machines;
  readonly timers: Timers;
  readonly standBy: StandBy;
  readonly bus: Bus;
  readonly targets: TargetAdapters;
  readonly metrics: MetricReader;
  readonly alarms: AlarmReader;
  readonly testAlarm: TestAlarm;
  readonly channel: Channel;
  /** Calendars that are fetched from elsewhere. */
  readonly feeds: CalendarFeeds;
  readonly objects: ObjectStore;
  /** Where copies of archives go. */
  readonly shelves: ArchiveShelves;
  readonly anchors: AnchorStore;
  readonly copies: Copies;
  readonly elsewhere: CopiesElsewhere;
  /** What the place of those is called, for who does not write there. */
  readonly whereElse: string | undefined;
  /** Counts what may be guesses, and keeps what was refused. */
  readonly guard: Guard;
  readonly signer: Signer;
  /** What the signer's signatures have to hold against, for who may not sign. */
  readonly trustedKey: TrustedKey;
  /** The key that signed the log before this one, while the deployment hands it over. */
  readonly signerBefore: SignerBefore;
  readonly trustedKeyBefore: TrustedKeyBefore;
  /** Whose signatures without a key are believed. */
  readonly trust: TrustStanding;
  readonly probe: (step: ProbeStep) => Promise<{ readonly ok: boolean; readonly detail: string }>;
  readonly inspector: Inspector;
  /** Has the whole deployment looked over, by the function that may. */
  readonly doctor: { examine(): Promise<unknown> };
  /** Answers the lines of checklists that have a probe. */
  readonly checks: CheckProbe;
  readonly newId: () => string;
  /** Sixteen bytes of chance, in hex: what a text that may be erased is committed to with. */
  readonly newSalt: () => string;
  readonly log: Log;
}

/** What everything has that runs. */
export type Base = Pick<Runtime, "clock" | "newId" | "newSalt" | "log">;
/** As much of the runtime as a function uses, so that its bundle holds no more than that. */
export type Using<K extends keyof Runtime> = Base & Pick<Runtime, K>;
/** What a command needs: it is written, and whoever waits for it is started or woken. */
export type Writing = Using<"store" | "machines" | "timers" | "standBy">;
