import type { Kernel } from "../kernel/kernel.ts";
import type { EventSink, MetricSink, TargetDelivery } from "../kernel/ports.ts";
import { jsonService, type Service } from "../kernel/wire.ts";
import { Archives } from "./archives.ts";
import { Bus, type BusTables } from "./bus.ts";
import { Buses } from "./buses.ts";
import { DeadLetterQueues } from "./dead-letters.ts";
import type { Disturb } from "./disturb.ts";
import { type BusRecord, busEvent, DEFAULT_BUS, type RuleRecord } from "./model.ts";
import { operations } from "./operations.ts";
import { Replays } from "./replays.ts";
import { Rules } from "./rules.ts";
import { ScheduledRules } from "./scheduled-rules.ts";
import { Targets } from "./targets.ts";

export { DeadLetterQueues, type StoredLetter } from "./dead-letters.ts";
export { type Disturb, type Disturbance, disturbBy } from "./disturb.ts";
export type { BusEvent, Delivery } from "./model.ts";
export { type InvalidPattern, matches, type Pattern, parsePattern } from "./pattern.ts";

export interface Events {
  readonly service: Service;
  /** For the events that AWS services themselves send, to the default bus. */
  readonly sink: EventSink;
  readonly deadLetters: DeadLetterQueues;
  /** Deliveries that are accepted and not made yet. */
  readonly openDeliveries: number;
  /** For tests: deliveries made twice, late and out of order. */
  disturb: Disturb | undefined;
  /** Sets the timers of what is on disk, and takes up open deliveries. Once, after assembly. */
  resume(): void;
}

/** EventBridge: https://docs.aws.amazon.com/eventbridge/latest/APIReference/Welcome.html */
export function createEvents(
  kernel: Kernel,
  ports: { readonly delivery: TargetDelivery; readonly metrics?: MetricSink },
): Events {
  const tables: BusTables = {
    buses: kernel.store.table<BusRecord>("events/buses"),
    rules: kernel.store.table<RuleRecord>("events/rules"),
  };
  const deadLetters = new DeadLetterQueues(kernel.store, ports.metrics);
  const buses = new Buses(kernel, tables);
  const bus = new Bus(kernel, tables, ports.delivery, deadLetters);
  const scheduled = new ScheduledRules(kernel, tables.rules, bus);
  const rules = new Rules(tables.rules, { buses, scheduled, changed: (busName) => bus.changed(busName) });
  const targets = new Targets(rules, buses);
  const archives = new Archives(kernel, tables.buses);
  const replays = new Replays(kernel, { archives, buses, bus });
  bus.onAccept = (busName, event) => archives.keep(busName, event);
  return {
    service: jsonService({
      name: "events",
      targetPrefix: "AWSEvents",
      version: "1.1",
      operations: operations(kernel, { bus, buses, rules, targets, archives, replays }),
    }),
    sink: {
      put: (event) => bus.accept(DEFAULT_BUS, busEvent(kernel.random.uuid(), kernel.clock.now(), event)),
    },
    deadLetters,
    get openDeliveries() {
      return bus.openDeliveries;
    },
    get disturb() {
      return bus.disturb;
    },
    set disturb(disturb) {
      bus.disturb = disturb;
    },
    resume() {
      bus.resume();
      scheduled.resume();
      replays.resume();
    },
  };
}
