import type { Machine, State } from "./asl.ts";
import { stateAt } from "./asl.ts";
import type { Effect } from "./happening.ts";
import { HISTORY_LIMIT, type HistoryEvent, HistoryFull, historyEvent } from "./history.ts";
import { type Branch, type Ending, openCall, type Position, type Visit } from "./position.ts";
import type { Bindings } from "./query.ts";
import type { Ambient } from "./query-functions.ts";

/** What does not change while an execution runs. */
export interface ExecutionFacts {
  readonly arn: string;
  readonly name: string;
  readonly input: unknown;
  readonly roleArn: string;
  readonly startedAt: number;
  readonly machineArn: string;
  readonly machineName: string;
  readonly region: string;
}

/** A state that is about to be entered. */
export interface Entrance {
  readonly branch: string;
  readonly state: string;
  readonly input: unknown;
}

/** The step that is being made: the position as it will be, and what is to be written and done with it. */
export class Draft {
  readonly machine: Machine;
  readonly facts: ExecutionFacts;
  readonly ambient: Ambient;
  readonly position: Position;
  readonly events: HistoryEvent[] = [];
  ending: Ending | undefined;
  /** States to enter, next first: a branch goes as far as it can before the one beside it. */
  readonly entrances: Entrance[] = [];
  readonly #effects: Effect[] = [];
  /** Branches whose task was scheduled and not yet reported as started. */
  readonly #scheduled: string[] = [];

  constructor(machine: Machine, facts: ExecutionFacts, before: Position, ambient: Ambient) {
    this.machine = machine;
    this.facts = facts;
    this.ambient = ambient;
    this.position = structuredClone(before);
  }

  /** Writes an event and returns its id. It does not become the branch's last one by itself. */
  emit(previousEventId: number, type: string, details?: Readonly<Record<string, unknown>>): number {
    const id = this.position.lastEventId + 1;
    if (id >= HISTORY_LIMIT && this.ending === undefined) throw new HistoryFull();
    this.position.lastEventId = id;
    this.events.push(historyEvent({ id, previousEventId, timestamp: this.ambient.now }, type, details));
    return id;
  }

  /** Writes the event that follows the branch's last one, and is it from now on. */
  follow(branch: Branch, type: string, details?: Readonly<Record<string, unknown>>): void {
    branch.lastEventId = this.emit(branch.lastEventId, type, details);
  }

  branch(id: string): Branch | undefined {
    return this.position.branches[id];
  }

  state(branch: Branch): State {
    return stateAt(this.machine, branch.scope, visitOf(branch).name);
  }

  call(effect: Effect, branch: Branch): void {
    this.#effects.push(effect);
    this.#scheduled.push(branch.id);
  }

  /** The branches whose task has been scheduled in this step and is still under way. */
  takeScheduled(): Branch[] {
    return this.#scheduled.splice(0).flatMap((id) => {
      const branch = this.branch(id);
      return branch?.visit?.work?.kind === "call" ? [branch] : [];
    });
  }

  /** The calls to make: those that no failure beside them has made pointless. */
  get effects(): Effect[] {
    return this.#effects.filter((effect) => openCall(this.position, effect.callId) !== undefined);
  }

  /** What an expression of the branch's present state can see. */
  bindings(branch: Branch, more: { readonly [name: string]: unknown } = {}, context: object = {}): Bindings {
    return {
      states: { input: visitOf(branch).input, ...more, context: { ...this.#context(branch), ...context } },
      variables: this.#variables(branch),
      ambient: this.ambient,
    };
  }

  #variables(branch: Branch): Record<string, unknown> {
    const parent = branch.parent === undefined ? undefined : this.branch(branch.parent.branch);
    return parent === undefined ? branch.variables : { ...this.#variables(parent), ...branch.variables };
  }

  /** https://docs.aws.amazon.com/step-functions/latest/dg/input-output-contextobject.html */
  #context(branch: Branch): Record<string, unknown> {
    const visit = visitOf(branch);
    const { facts } = this;
    const type = this.state(branch).Type;
    const retries = type === "Task" || type === "Parallel" || type === "Map";
    const item = this.#item(branch);
    return {
      Execution: {
        Id: facts.arn,
        Input: facts.input,
        StartTime: new Date(facts.startedAt).toISOString(),
        Name: facts.name,
        RoleArn: facts.roleArn,
        RedriveCount: 0,
      },
      StateMachine: { Id: facts.machineArn, Name: facts.machineName },
      State: {
        Name: visit.name,
        EnteredTime: new Date(visit.enteredAt).toISOString(),
        ...(retries ? { RetryCount: visit.retryCount } : {}),
      },
      ...(item === undefined ? {} : { Map: { Item: item } }),
    };
  }

  #item(branch: Branch): Branch["item"] {
    if (branch.item !== undefined || branch.parent === undefined) return branch.item;
    const parent = this.branch(branch.parent.branch);
    return parent === undefined ? undefined : this.#item(parent);
  }
}

export function visitOf(branch: Branch): Visit {
  if (branch.visit === undefined) throw new Error(`branch ${branch.id} is in no state`);
  return branch.visit;
}
