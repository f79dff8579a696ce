import { failureAttributes, type GaveUp, retryPolicy } from "../kernel/attempts.ts";
import type { Timer } from "../kernel/clock.ts";
import type { Kernel } from "../kernel/kernel.ts";
import { Outbox } from "../kernel/outbox.ts";
import type { DeadLetters, TargetDelivery } from "../kernel/ports.ts";
import type { Table } from "../kernel/store.ts";
import { type Expression, nextTime, parseExpression } from "./expression.ts";
import type { Invocation, Planned, ScheduleDefinition, ScheduleRecord } from "./model.ts";
import { isoSeconds, targetInput } from "./target-input.ts";

export interface SchedulerPorts {
  readonly delivery: TargetDelivery;
  readonly deadLetters: DeadLetters;
}

/** Fires schedules. The next firing of each is on disk; a timer only says when to look. */
export class Runner {
  #kernel: Kernel;
  #ports: SchedulerPorts;
  #schedules: Table<ScheduleRecord>;
  #invocations: Outbox<Invocation>;
  #timers = new Map<string, Timer>();

  constructor(kernel: Kernel, ports: SchedulerPorts, schedules: Table<ScheduleRecord>) {
    this.#kernel = kernel;
    this.#ports = ports;
    this.#schedules = schedules;
    this.#invocations = new Outbox<Invocation>(kernel, "scheduler/invocations", {
      attempt: (invocation) => ports.delivery.deliver(invocation.target.Arn, targetInput(invocation)),
      done: (invocation) => this.#finish(invocation),
      giveUp: (invocation, gaveUp) => this.#giveUp(invocation, gaveUp),
    });
  }

  /**
   * The first firing of a new or changed schedule. A one-time schedule whose time is past fires at once: AWS
   * accepts it (recorded) and does not say what it does, and a control plane must not wait for ever.
   * A rate without a StartDate fires at once too, as AWS documents.
   */
  first(definition: ScheduleDefinition, now: number): Planned | undefined {
    const expression = parsed(definition);
    const from =
      expression.kind === "at" ? Number.NEGATIVE_INFINITY : Math.max(now, definition.startDate ?? now) - 1;
    return this.#plan(definition, nextTime(expression, from, frame(definition, now)));
  }

  /** Sets the timer of a schedule as it now stands, or takes it away. */
  arm(key: string): void {
    this.#timers.get(key)?.cancel();
    this.#timers.delete(key);
    const schedule = this.#schedules.get(key);
    if (schedule?.next === undefined) return;
    const begin = () => this.#kernel.activity.spawn(async () => this.#fire(key));
    this.#timers.set(key, this.#kernel.clock.at(schedule.next.fireAt, begin));
  }

  /**
   * After a restart. A firing that fell due while the engine was off happens at once; of a rate or a cron
   * that missed several, one happens and the rest are skipped. AWS's Scheduler is never off as a whole and
   * says only that delivery is at least once; late and once is what a caller of it must bear anyway.
   */
  resume(): void {
    for (const [key] of this.#schedules.entries()) this.arm(key);
    this.#invocations.resume();
  }

  #fire(key: string): void {
    const schedule = this.#schedules.get(key);
    const now = this.#kernel.clock.now();
    const due = schedule?.next;
    if (schedule === undefined || due === undefined || due.fireAt > now) return;
    this.#kernel.store.transaction(() => {
      this.#invocations.add(this.#invocation(key, schedule, due, now));
      const { next: _, ...rest } = schedule;
      const next = this.#after(schedule, due, now);
      this.#schedules.set(key, next === undefined ? rest : { ...rest, next });
    });
    this.arm(key);
  }

  #invocation(key: string, schedule: ScheduleRecord, due: Planned, now: number): Invocation {
    return {
      acceptedAt: now,
      dueAt: now,
      failures: 0,
      policy: retryPolicy(schedule.definition.target.RetryPolicy),
      executionId: this.#kernel.random.uuid(),
      scheduleKey: key,
      scheduleId: schedule.id,
      scheduleArn: schedule.arn,
      scheduledAt: due.scheduledAt,
      target: schedule.definition.target,
    };
  }

  #after(schedule: ScheduleRecord, due: Planned, now: number): Planned | undefined {
    const { definition, anchor } = schedule;
    // What is overdue by more than the window has been missed: it is merged with the firing of this moment.
    const seen = Math.max(due.scheduledAt, now - definition.windowMinutes * 60_000);
    return this.#plan(definition, nextTime(parsed(definition), seen, frame(definition, anchor)));
  }

  #plan(definition: ScheduleDefinition, scheduledAt: number | undefined): Planned | undefined {
    if (definition.state === "DISABLED" || scheduledAt === undefined) return undefined;
    // EndDate is ignored for one-time schedules, as StartDate is (API_CreateSchedule).
    const { endDate, windowMinutes } = definition;
    if (parsed(definition).kind !== "at" && endDate !== undefined && scheduledAt > endDate) return undefined;
    const late = windowMinutes === 0 ? 0 : Math.floor(this.#kernel.random.number() * windowMinutes * 60_000);
    return { scheduledAt, fireAt: scheduledAt + late };
  }

  /** ActionAfterCompletion: the schedule goes once its last invocation is over, retries included. */
  #finish(invocation: Invocation): void {
    const { scheduleKey, scheduleId } = invocation;
    const schedule = this.#schedules.get(scheduleKey);
    if (schedule?.id !== scheduleId || schedule.definition.afterCompletion !== "DELETE") return;
    if (schedule.next !== undefined || schedule.definition.state === "DISABLED") return;
    if (parsed(schedule.definition).kind !== "at" && this.#othersOpen(scheduleId)) return;
    this.#schedules.delete(scheduleKey);
  }

  /** Whether an invocation besides the one that is just ending is still under way. */
  #othersOpen(scheduleId: string): boolean {
    return this.#invocations.open().filter((open) => open.scheduleId === scheduleId).length > 1;
  }

  #giveUp(invocation: Invocation, gaveUp: GaveUp): void {
    // https://docs.aws.amazon.com/scheduler/latest/UserGuide/configuring-schedule-dlq.html
    this.#ports.deadLetters.add(invocation.target.DeadLetterConfig?.Arn, {
      at: this.#kernel.clock.now(),
      body: payloadOf(invocation),
      attributes: {
        ...failureAttributes(gaveUp),
        EXECUTION_ID: invocation.executionId,
        IS_PAYLOAD_TRUNCATED: "false",
        SCHEDULED_TIME: isoSeconds(invocation.scheduledAt),
        SCHEDULE_ARN: invocation.scheduleArn,
        TARGET_ARN: invocation.target.Arn,
      },
    });
    this.#finish(invocation);
  }
}

function payloadOf(invocation: Invocation): unknown {
  try {
    return targetInput(invocation);
  } catch {
    return invocation.target.Input;
  }
}

/** The expression was read when the schedule was written; one that cannot be read now has been tampered with. */
function parsed(definition: ScheduleDefinition): Expression {
  const expression = parseExpression(definition.expression);
  if (expression.kind === "invalid") throw new Error(`stored schedule expression: ${expression.problem}`);
  return expression;
}

function frame(definition: ScheduleDefinition, anchor: number) {
  return { zone: definition.zone, anchor: definition.startDate ?? anchor };
}
