import { REGION } from "../kernel/arn.ts";
import type { Timer } from "../kernel/clock.ts";
import type { Kernel } from "../kernel/kernel.ts";
import type { EventSink } from "../kernel/ports.ts";
import type { Calls } from "./calls.ts";
import type { Happening } from "./happening.ts";
import { type ClosedExecution, isOpen, type OpenExecution } from "./model.ts";
import { dueTimes, type Ending, openCall, openCalls } from "./position.ts";
import { statusEvent } from "./status-event.ts";
import { type Step, step } from "./step.ts";
import { factsOf, type Tables } from "./tables.ts";

/** Whether what was told to an execution reached it. */
export type Reception = "taken" | "execution over" | "task over";

interface Letter {
  readonly happening: Happening;
  answer(reception: Reception): void;
  fail(error: unknown): void;
}

/**
 * Runs executions. Each is told one thing at a time; a step, its history and its timers are written before
 * anything is done about it, and what was done but not written is done again after a restart.
 */
export class Runner {
  readonly #kernel: Kernel;
  readonly #tables: Tables;
  readonly #sink: EventSink;
  readonly #calls: Calls;
  readonly #letters = new Map<string, Letter[]>();
  readonly #timers = new Map<string, { readonly at: number; readonly timer: Timer }>();

  constructor(kernel: Kernel, tables: Tables, sink: EventSink, calls: Calls) {
    this.#kernel = kernel;
    this.#tables = tables;
    this.#sink = sink;
    this.#calls = calls;
  }

  /** Sets going an execution that has just been written. Inside a transaction it begins after that. */
  begin(arn: string): void {
    this.#post(arn, { kind: "begin" });
  }

  /** After a restart: timers, open calls, executions that had not begun, and ends that nobody was told of. */
  resume(): void {
    for (const [arn, execution] of this.#tables.open.entries()) {
      this.#setTimer(execution);
      if (!execution.position.begun) this.begin(arn);
      for (const call of openCalls(execution.position)) {
        if (call.phase === "calling") this.#makeCall(arn, call);
        const child = call.child === undefined ? undefined : this.#tables.closed.get(call.child);
        if (child !== undefined) this.#tellParent(child);
      }
    }
  }

  /** Tells an execution something, and resolves when what follows from it is on disk. */
  tell(arn: string, happening: Happening): Promise<Reception> {
    return new Promise((answer, fail) => this.#send(arn, { happening, answer, fail }));
  }

  #post(arn: string, happening: Happening): void {
    this.#kernel.activity.spawn(() => this.#insist(arn, happening));
  }

  /**
   * Tells an execution what nobody else will tell it again. A store that cannot write just now (a full disk)
   * is tried for half a minute; after that only a restart takes the execution up.
   */
  async #insist(arn: string, happening: Happening): Promise<void> {
    for (let waitMs = 1000; ; waitMs *= 2) {
      try {
        await this.tell(arn, happening);
        return;
      } catch (error) {
        if (waitMs > 16_000) throw error;
        await this.#kernel.sleep(waitMs);
      }
    }
  }

  #send(arn: string, letter: Letter): void {
    const waiting = this.#letters.get(arn);
    if (waiting !== undefined) {
      waiting.push(letter);
      return;
    }
    this.#letters.set(arn, [letter]);
    this.#kernel.activity.spawn(() => this.#readLetters(arn));
  }

  async #readLetters(arn: string): Promise<void> {
    // Lets an open transaction end first: what is rolled back has not been started.
    await Promise.resolve();
    const letters = this.#letters.get(arn) ?? [];
    for (let letter = letters.shift(); letter !== undefined; letter = letters.shift()) {
      try {
        letter.answer(await this.#take(arn, letter.happening));
      } catch (error) {
        letter.fail(error);
      }
    }
    this.#letters.delete(arn);
  }

  async #take(arn: string, happening: Happening): Promise<Reception> {
    const execution = this.#tables.open.get(arn);
    if (execution === undefined) return "execution over";
    const about = "callId" in happening ? happening.callId : undefined;
    if (about !== undefined && openCall(execution.position, about) === undefined) return "task over";
    const { random, clock } = this.#kernel;
    const made = await step(
      this.#tables.definition(execution.revision),
      factsOf(execution, REGION),
      execution.position,
      this.#orDeleted(execution, happening),
      { now: clock.now(), random },
    );
    this.#write(execution, made);
    return "taken";
  }

  /** "On the next state transition, the state machine's executions are terminated." (DeleteStateMachine) */
  #orDeleted(execution: OpenExecution, happening: Happening): Happening {
    const machine = this.#tables.machines.get(execution.machineArn);
    const heartbeat = happening.kind === "reported" && happening.report.kind === "heartbeat";
    return machine?.status === "DELETING" && !heartbeat ? { kind: "stop", failure: {} } : happening;
  }

  #write(execution: OpenExecution, made: Step): void {
    const { arn } = execution;
    let next: OpenExecution | ClosedExecution = { ...execution, position: made.position };
    if (made.ending !== undefined) next = closed(execution, made.ending, this.#kernel.clock.now());
    this.#kernel.store.transaction(() => {
      for (const event of made.events) this.#tables.history.append(arn, event);
      if (isOpen(next)) {
        this.#tables.open.set(arn, next);
        return;
      }
      this.#tables.open.delete(arn);
      this.#tables.closed.set(arn, next);
      this.#forgetDeleted(execution.machineArn);
      this.#sink.put(statusEvent(next));
    });
    if (isOpen(next)) {
      this.#setTimer(next);
      for (const effect of made.effects) this.#makeCall(arn, { ...effect, id: effect.callId });
    } else {
      this.#clearTimer(arn);
      this.#tellParent(next);
    }
    this.#stopForsaken(execution, isOpen(next) ? next : undefined);
  }

  /** Stops the executions that a task waited for, when that task was given up before they ended. */
  #stopForsaken(before: OpenExecution, after: OpenExecution | undefined): void {
    for (const { id, child } of openCalls(before.position)) {
      const reason = child === undefined ? undefined : this.#tables.open.get(child)?.startedBy;
      const waits = after !== undefined && openCall(after.position, id) !== undefined;
      if (child !== undefined && !waits && reason?.callId === id && reason.waits) {
        this.#post(child, { kind: "stop", failure: {} });
      }
    }
  }

  /** A machine that is being deleted goes with its last execution. */
  #forgetDeleted(machineArn: string): void {
    if (this.#tables.machines.get(machineArn)?.status !== "DELETING") return;
    const left = this.#tables.open.entries().some(([, open]) => open.machineArn === machineArn);
    if (!left) this.#tables.machines.delete(machineArn);
  }

  #tellParent(child: ClosedExecution): void {
    if (!child.startedBy?.waits) return;
    const { executionArn, callId } = child.startedBy;
    this.#post(executionArn, { kind: "reported", callId, report: this.#calls.childReport(child) });
  }

  #makeCall(arn: string, call: { id: string; resource: string; arguments: unknown }): void {
    this.#kernel.activity.spawn(async () => {
      const answer = await this.#calls.make(arn, call);
      await this.#insist(arn, { kind: "answered", callId: call.id, answer });
      // A child that ended before its parent knew of it told nobody.
      const child =
        answer.ok && answer.child !== undefined ? this.#tables.closed.get(answer.child) : undefined;
      if (child !== undefined) this.#tellParent(child);
    });
  }

  #setTimer(execution: OpenExecution): void {
    const { arn, position } = execution;
    const next = dueTimes(position)[0]?.at;
    if (this.#timers.get(arn)?.at === next) return;
    this.#clearTimer(arn);
    if (next === undefined) return;
    const timer = this.#kernel.clock.at(next, () => {
      this.#timers.delete(arn);
      this.#post(arn, { kind: "clock" });
    });
    this.#timers.set(arn, { at: next, timer });
  }

  #clearTimer(arn: string): void {
    this.#timers.get(arn)?.timer.cancel();
    this.#timers.delete(arn);
  }
}

function closed(execution: OpenExecution, ending: Ending, now: number): ClosedExecution {
  const { position: _, ...started } = execution;
  switch (ending.status) {
    case "SUCCEEDED":
      return { ...started, status: ending.status, stoppedAt: now, output: ending.output };
    case "TIMED_OUT":
      return { ...started, status: ending.status, stoppedAt: now };
    case "FAILED":
    case "ABORTED": {
      const { error, cause } = ending.failure;
      return {
        ...started,
        status: ending.status,
        stoppedAt: now,
        ...(error === undefined ? {} : { error }),
        ...(cause === undefined ? {} : { cause }),
      };
    }
  }
}
