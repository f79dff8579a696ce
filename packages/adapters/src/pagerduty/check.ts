import type { Stretch } from "@gonogo/core/check/cover";
import { unknown } from "@gonogo/core/check/look";
import type { CheckProbe, Look, LookRequest } from "@gonogo/core/check/port";
import type { ProbeOf } from "@gonogo/core/check/schema";
import { fromMillis, toMillis } from "@gonogo/core/kit/instant";
import { at } from "@gonogo/core/kit/offset";
import { leadOffset, plannedEnd } from "@gonogo/core/plan/timeline";
import { type Allowed, callAllowed, NotAllowed } from "../http/allowed.ts";
import { OutsideError } from "../http/call.ts";
import { shown } from "../http/guard.ts";
import { shiftsIn } from "./icalendar.ts";
import { covered, lookAtSchedule, type PagerDutyConfig } from "./on-call.ts";

export interface OnCallConfig {
  readonly pagerduty?: PagerDutyConfig | undefined;
  readonly feeds: Allowed;
}

/** A release that goes on for weeks is looked after by more than one rotation: only its first day is asked about. */
const LONGEST_MS = 86_400_000;

/** Whether somebody is on call from the release's first row to its planned end. */
export class OnCallCheck implements CheckProbe<ProbeOf<"on-call">> {
  readonly #config: OnCallConfig;

  constructor(config: OnCallConfig) {
    this.#config = config;
  }

  async look({ probe, plan, state }: LookRequest<ProbeOf<"on-call">>): Promise<Look> {
    const t = state.t ?? state.plannedT;
    const from = at(t, leadOffset(plan));
    const end = Math.min(toMillis(at(t, plannedEnd(plan))), toMillis(from) + LONGEST_MS);
    const stretch = { from, to: fromMillis(end) };
    const { rotation } = probe;
    if (rotation.kind === "icalendar") return await this.#feed(rotation.url, stretch);
    if (this.#config.pagerduty === undefined) {
      const why = "this deployment is not set up for PagerDuty; GONOGO_PROBES takes pagerduty: { token }";
      return unknown(`PagerDuty schedule ${rotation.schedule}`, why);
    }
    return await lookAtSchedule(this.#config.pagerduty, rotation.schedule, stretch);
  }

  async #feed(url: string, stretch: Stretch): Promise<Look> {
    const source = shown(url);
    try {
      const answer = await callAllowed(this.#config.feeds, url);
      if (answer.status !== 200) return unknown(source, `it answered ${answer.status}`);
      const shifts = shiftsIn(answer.text, stretch);
      return shifts === undefined
        ? unknown(source, "it is no iCalendar feed")
        : covered(source, stretch, shifts);
    } catch (error) {
      if (error instanceof OutsideError || error instanceof NotAllowed) return unknown(source, error.message);
      throw error;
    }
  }
}
