import { failureAttributes, type GaveUp, retryPolicy } from "../kernel/attempts.ts";
import type { Kernel } from "../kernel/kernel.ts";
import { Outbox } from "../kernel/outbox.ts";
import type { DeadLetters, TargetDelivery } from "../kernel/ports.ts";
import type { Table } from "../kernel/store.ts";
import { AwsError } from "../kernel/wire.ts";
import type { Disturb } from "./disturb.ts";
import { inputOf } from "./input.ts";
import { type BusEvent, type BusRecord, busNameOf, type Delivery, type RuleRecord } from "./model.ts";
import { RuleIndex } from "./rule-index.ts";
import { kindOf } from "./target-check.ts";

export interface BusTables {
  readonly buses: Table<BusRecord>;
  readonly rules: Table<RuleRecord>;
}

/** An event may pass from one bus to another, and no further. */
const MOST_HOPS = 1;

/** Takes events in, finds the rules that match, and delivers to their targets until that has succeeded. */
export class Bus {
  disturb: Disturb | undefined;
  /** Told of every event that a bus takes in, within the transaction. */
  onAccept: (busName: string, event: BusEvent, ingestedAt: number) => void = () => {};
  #kernel: Kernel;
  #tables: BusTables;
  #delivery: TargetDelivery;
  #deadLetters: DeadLetters;
  #deliveries: Outbox<Delivery>;
  #indexes = new Map<string, RuleIndex>();

  constructor(kernel: Kernel, tables: BusTables, delivery: TargetDelivery, deadLetters: DeadLetters) {
    this.#kernel = kernel;
    this.#tables = tables;
    this.#delivery = delivery;
    this.#deadLetters = deadLetters;
    this.#deliveries = new Outbox<Delivery>(kernel, "events/deliveries", {
      attempt: (item) => this.#attempt(item),
      giveUp: (item, gaveUp) => this.#giveUp(item, gaveUp),
    });
  }

  /** The rules of a bus have changed. */
  changed(busName: string): void {
    this.#indexes.delete(busName);
  }

  /**
   * Takes an event in: when this returns, or the transaction around it is written, every delivery that the
   * event asks for is on disk. `only` narrows the rules, for a replay.
   */
  accept(busName: string, event: BusEvent, options: { hops?: number; only?: readonly string[] } = {}): void {
    this.#kernel.store.transaction(() => {
      const now = this.#kernel.clock.now();
      if (this.#tables.buses.get(busName) === undefined) {
        this.#noSuchBus(busName, event, now);
        return;
      }
      this.onAccept(busName, event, now);
      for (const rule of this.#index(busName).matching(event)) {
        if (options.only === undefined || options.only.includes(rule.arn)) {
          this.deliver(rule, event, options.hops ?? 0);
        }
      }
    });
  }

  /** Sends the event to all targets of a rule. */
  deliver(rule: RuleRecord, event: BusEvent, hops = 0): void {
    const now = this.#kernel.clock.now();
    for (const target of rule.targets) {
      const item: Delivery = {
        event,
        ruleArn: rule.arn,
        ruleName: rule.name,
        target,
        ingestedAt: now,
        hops,
        acceptedAt: now,
        dueAt: now,
        failures: 0,
        policy: retryPolicy(target.RetryPolicy),
      };
      const delays = this.disturb?.(item) ?? [];
      for (const delay of delays.length === 0 ? [0] : delays) {
        this.#deliveries.add({ ...item, dueAt: now + delay });
      }
    }
  }

  /** Deliveries that are accepted and not made yet. */
  get openDeliveries(): number {
    return this.#deliveries.size;
  }

  resume(): void {
    this.#deliveries.resume();
  }

  async #attempt(item: Delivery): Promise<void> {
    const { Arn } = item.target;
    if (kindOf(Arn) !== "bus") return await this.#delivery.deliver(Arn, inputOf(item));
    const busName = busNameOf(Arn);
    if (item.hops >= MOST_HOPS) {
      throw new AwsError(
        "ValidationException",
        `an event passes through two buses at most; ${busName} is a third`,
      );
    }
    if (this.#tables.buses.get(busName) === undefined) {
      throw new AwsError("ResourceNotFoundException", `Event bus ${busName} does not exist.`);
    }
    this.accept(busName, item.event, { hops: item.hops + 1 });
  }

  #giveUp(item: Delivery, gaveUp: GaveUp): void {
    this.#deadLetters.add(item.target.DeadLetterConfig?.Arn, {
      at: this.#kernel.clock.now(),
      body: item.event,
      attributes: { RULE_ARN: item.ruleArn, TARGET_ARN: item.target.Arn, ...failureAttributes(gaveUp) },
    });
  }

  /** AWS answers that it took the event, and drops it (recorded). Here it is at least counted. */
  #noSuchBus(busName: string, event: BusEvent, now: number): void {
    const attributes = {
      ERROR_CODE: "NO_RESOURCE",
      ERROR_MESSAGE: `Event bus ${busName} does not exist.`,
      RETRY_ATTEMPTS: "0",
    };
    this.#deadLetters.add(undefined, { at: now, body: event, attributes });
  }

  #index(busName: string): RuleIndex {
    const known = this.#indexes.get(busName);
    if (known !== undefined) return known;
    const rules = this.#tables.rules.entries().map(([, rule]) => rule);
    const made = new RuleIndex(rules.filter((rule) => rule.busName === busName).sort(byName));
    this.#indexes.set(busName, made);
    return made;
  }
}

function byName(a: RuleRecord, b: RuleRecord): number {
  return a.name < b.name ? -1 : 1;
}
