import type { Kernel } from "../kernel/kernel.ts";
import type { Archive, Log, Table } from "../kernel/store.ts";
import type { Machine } from "./asl.ts";
import type { ExecutionFacts } from "./draft.ts";
import type { HistoryEvent } from "./history.ts";
import type { ClosedExecution, Execution, MachineRecord, OpenExecution, Revision, Started } from "./model.ts";

/** Where the service keeps its state. What has ended, and what was said, is on disk only. */
export class Tables {
  readonly machines: Table<MachineRecord>;
  readonly open: Table<OpenExecution>;
  readonly closed: Archive<ClosedExecution>;
  readonly history: Log<HistoryEvent>;
  readonly revisions: Archive<Revision>;
  /** Every execution of every machine, newest first. */
  readonly list: Archive<{ readonly arn: string }>;
  readonly #sequence: Table<number>;
  readonly #parsed = new Map<string, Machine>();

  constructor({ store }: Kernel) {
    this.machines = store.table("states/machines");
    this.open = store.table("states/open");
    this.closed = store.archive("states/closed");
    this.history = store.log("states/history");
    this.revisions = store.archive("states/revisions");
    this.list = store.archive("states/list");
    this.#sequence = store.table("states/sequence");
  }

  execution(arn: string): Execution | undefined {
    return this.open.get(arn) ?? this.closed.get(arn);
  }

  /** The definition that an execution began with. It was checked when it was written. */
  definition(revision: string): Machine {
    const known = this.#parsed.get(revision);
    if (known !== undefined) return known;
    const stored = this.revisions.get(revision);
    if (stored === undefined) throw new Error(`the definition ${revision} of a running execution is missing`);
    const machine = JSON.parse(stored.definition) as Machine;
    if (this.#parsed.size >= MOST_PARSED) this.#parsed.clear();
    this.#parsed.set(revision, machine);
    return machine;
  }

  /** A place before all that were started earlier. */
  nextListKey(machineArn: string): string {
    const next = (this.#sequence.get("executions") ?? 0) + 1;
    this.#sequence.set("executions", next);
    return `${listPrefix(machineArn)}${String(1e15 - next).padStart(15, "0")}`;
  }
}

const MOST_PARSED = 200;

export function listPrefix(machineArn: string): string {
  return `${machineArn} `;
}

export function factsOf(execution: Started, region: string): ExecutionFacts {
  return {
    arn: execution.arn,
    name: execution.name,
    input: JSON.parse(execution.input),
    roleArn: execution.roleArn,
    startedAt: execution.startedAt,
    machineArn: execution.machineArn,
    machineName: execution.machineName,
    region,
  };
}
