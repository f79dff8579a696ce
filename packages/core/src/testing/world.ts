import { digestOf } from "../kit/digest.ts";
import type { Instant } from "../kit/instant.ts";
import { toMillis } from "../kit/instant.ts";
import { unitOf } from "../metric/relative.ts";
import { wellValue } from "../metric/well.ts";
import type { Plan } from "../plan/schema.ts";
import type { Seen, SeenAlarm } from "../release/commands.ts";
import { alarmsOf } from "../signal/decide.ts";
import { imagined, type SeenTagged, seenImagined } from "../signal/tagged.ts";
import { dayAfter, shareOnDay } from "../target/app-store-curve.ts";
import type { Observation, Versions } from "../target/port.ts";
import type { Target } from "../target/schema.ts";

interface Place {
  target: Target;
  versions: Versions;
  observed: Observation;
  curveStartedAt?: Instant;
}

/**
 * The outside world as the pure core needs it in tests: targets that move, metrics with a value, alarms
 * with a state. No time passes in it but what it is told.
 */
export class World {
  readonly plan: Plan;
  readonly places = new Map<string, Place>();
  readonly values = new Map<string, { value: number; count: number } | undefined>();
  readonly alarms = new Map<string, SeenAlarm>();
  /** Which alarms carry the plan's tags. */
  tagged: readonly SeenTagged[];
  #revision = 0;

  constructor(plan: Plan) {
    this.plan = plan;
    for (const { id, target } of plan.components) {
      const versions = { previous: "7", next: "8" };
      this.places.set(id, { target, versions, observed: this.#stamp({ primary: "7", share: 0 }) });
    }
    for (const metric of plan.metrics) {
      this.values.set(metric.id, wellValue(metric));
    }
    this.tagged = seenImagined(plan);
    for (const name of alarmsOf(plan, imagined(plan))) {
      const since = "2025-06-01T00:00:00.000Z" as Instant;
      this.alarms.set(name, { name, digest: digestOf(name), muted: false, state: "ok", since });
    }
  }

  #stamp(observed: Observation): Observation {
    this.#revision += 1;
    return { ...observed, revision: `r${this.#revision}` };
  }

  read(component: string, now: Instant): Observation {
    const place = this.#place(component);
    if (place.curveStartedAt === undefined || place.observed.halted === true) return place.observed;
    const share = shareOnDay(dayAfter(toMillis(now) - toMillis(place.curveStartedAt)));
    return share >= 100 ? { primary: "8", share: 100 } : { primary: "7", secondary: "8", share };
  }

  /** Moves a target as its adapter would, refusing a stale revision. */
  shift(
    component: string,
    percent: number,
    expected: Observation,
    now: Instant,
  ): { kind: "shifted" | "fenced"; observed: Observation } {
    const place = this.#place(component);
    if (place.target.kind === "app-store") {
      place.curveStartedAt ??= now;
      return { kind: "shifted", observed: this.read(component, now) };
    }
    if (place.observed.revision !== expected.revision) return { kind: "fenced", observed: place.observed };
    place.observed = this.#stamp(
      percent === 100 ? { primary: "8", share: 100 } : { primary: "7", secondary: "8", share: percent },
    );
    return { kind: "shifted", observed: place.observed };
  }

  revert(component: string, now: Instant): Observation {
    const place = this.#place(component);
    if (place.target.kind === "app-store") return this.halt(component, true, now);
    place.observed = this.#stamp({ primary: "7", share: 0 });
    return place.observed;
  }

  halt(component: string, halted: boolean, now: Instant): Observation {
    const place = this.#place(component);
    const { halted: _, ...read } = this.read(component, now);
    place.observed = this.#stamp(halted ? { ...read, halted: true } : read);
    return place.observed;
  }

  /** Somebody else's hand. */
  tamper(component: string, observed: Observation): void {
    this.#place(component).observed = this.#stamp(observed);
  }

  redden(name: string, at: Instant): void {
    const alarm = this.alarms.get(name);
    if (alarm !== undefined) this.alarms.set(name, { ...alarm, state: "alarm", since: at });
  }

  see(from: Instant, now: Instant): Seen {
    const readings = this.plan.metrics.map((metric) => {
      const reading = this.values.get(metric.id);
      return { metric: metric.id, unit: unitOf(metric), from, to: now, ...(reading ?? { note: "no data" }) };
    });
    return {
      readings,
      recent: readings,
      alarms: [...this.alarms.values()],
      ...(this.tagged.length === 0 ? {} : { tagged: this.tagged }),
      targets: [...this.places.keys()].map((component) => ({
        component,
        observed: this.read(component, now),
      })),
    };
  }

  #place(component: string): Place {
    const place = this.places.get(component);
    if (place === undefined) throw new Error(`no component ${component}`);
    return place;
  }
}
