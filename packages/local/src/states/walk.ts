import { type Catcher, machineAt, type Retrier, type State } from "./asl.ts";
import { choose, declaredFailure, waitUntil } from "./begin.ts";
import { type Draft, type Entrance, visitOf } from "./draft.ts";
import { errorOutput, type Failure, isFatal, matchesError, StateFailed } from "./failure.ts";
import { abort, abortChildren, beginIteration, beginMap, beginParallel } from "./fan-out.ts";
import { errorDetails, whole } from "./history.ts";
import { type Left, leave, ownLeaving } from "./leave.ts";
import { type Branch, type Ending, ROOT } from "./position.ts";
import { nextRetry } from "./retry.ts";
import { beginTask, taskFailed, taskSucceeded } from "./task.ts";

/** Moves the branches of a draft until each of them waits for something, or the execution has ended. */
export class Walk {
  readonly #draft: Draft;

  constructor(draft: Draft) {
    this.#draft = draft;
  }

  /** Enters the states that are waiting to be entered, and those that follow from them. */
  async run(): Promise<void> {
    for (let next = this.#draft.entrances.shift(); next !== undefined; next = this.#draft.entrances.shift()) {
      await this.#enter(next);
    }
  }

  /** Begins the work of a state: after it was entered, and again after the wait for a retry. */
  async begin(branch: Branch): Promise<void> {
    await this.#guarded(branch, () => this.#work(branch, this.#draft.state(branch)));
  }

  /** Ends a Wait. */
  async waited(branch: Branch): Promise<void> {
    await this.#guarded(branch, () => this.#leave(branch));
  }

  async succeeded(branch: Branch, output: unknown): Promise<void> {
    try {
      taskSucceeded(this.#draft, branch, output);
    } catch (error) {
      if (!(error instanceof StateFailed)) throw error;
      await this.failed(branch, error.failure);
      return;
    }
    await this.#guarded(branch, () => this.#leave(branch, { result: output }, output));
  }

  async failed(branch: Branch, failure: Failure): Promise<void> {
    taskFailed(this.#draft, branch, failure);
    await this.answer(branch, failure);
  }

  /** What a failure leads to: a retry, a catcher, or the failure of what is around. */
  async answer(branch: Branch, failure: Failure, failedEvent?: string): Promise<void> {
    const draft = this.#draft;
    const visit = visitOf(branch);
    const state = draft.state(branch);
    const { Retry, Catch } = guards(state);
    const random = () => draft.ambient.random.number();
    const retry = nextRetry(Retry, visit.retries, failure, random);
    if (retry !== undefined) {
      visit.retries[retry.retrier] = (visit.retries[retry.retrier] ?? 0) + 1;
      visit.retryCount += 1;
      visit.work = { kind: "backoff", until: draft.ambient.now + retry.delayMs };
      return;
    }
    if (failedEvent !== undefined) draft.follow(branch, failedEvent);
    const catchers = isFatal(failure) ? [] : Catch;
    const index = catchers.findIndex((catcher) => matchesError(catcher.ErrorEquals, failure));
    const catcher = catchers[index];
    if (catcher === undefined) {
      await this.#failBranch(branch, failure);
      return;
    }
    const output = errorOutput(failure);
    const bindings = draft.bindings(branch, { errorOutput: output });
    await this.#guarded(
      branch,
      () => leave(draft, branch, catcher, bindings, output, `Catch[${index}]/`),
      (inCatch) => this.#failBranch(branch, this.#reported(branch, inCatch)),
    );
  }

  end(ending: Ending): void {
    this.#draft.ending = ending;
    this.#draft.position.branches = {};
    this.#draft.entrances.length = 0;
  }

  async #enter({ branch: id, state: name, input }: Entrance): Promise<void> {
    const draft = this.#draft;
    const branch = draft.branch(id);
    if (branch === undefined) return;
    const state = machineAt(draft.machine, branch.scope).States[name];
    if (state === undefined) throw new Error(`no state '${name}' in this definition`);
    const cameFrom = branch.lastEventId;
    draft.follow(branch, `${state.Type}StateEntered`, {
      name,
      input: JSON.stringify(input),
      inputDetails: whole,
    });
    branch.visit = {
      name,
      input,
      enteredAt: draft.ambient.now,
      enteredEventId: branch.lastEventId,
      cameFrom,
      retryCount: 0,
      retries: [],
    };
    await this.begin(branch);
  }

  /** Undefined while the state is not over. Throws StateFailed. */
  async #work(branch: Branch, state: State): Promise<Left | undefined> {
    const draft = this.#draft;
    switch (state.Type) {
      case "Task":
        return void (await beginTask(draft, branch, state));
      case "Parallel":
        return void (await beginParallel(draft, branch, state));
      case "Map":
        return (await beginMap(draft, branch, state)) ? undefined : await this.#joined(branch, []);
      case "Choice":
        return await choose(draft, branch, state);
      case "Wait": {
        const until = await waitUntil(draft, branch, state);
        if (until <= draft.ambient.now) return await this.#leave(branch);
        visitOf(branch).work = { kind: "wait", until };
        return undefined;
      }
      case "Pass":
      case "Succeed":
        return await this.#leave(branch);
      case "Fail":
        return void (await this.#failBranch(branch, await declaredFailure(draft, branch, state)));
    }
  }

  async #leave(
    branch: Branch,
    more: Readonly<Record<string, unknown>> = {},
    otherwise: unknown = visitOf(branch).input,
  ): Promise<Left> {
    const state = this.#draft.state(branch);
    if (state.Type === "Choice" || state.Type === "Fail")
      throw new Error(`a ${state.Type} state is not left so`);
    return await leave(this.#draft, branch, ownLeaving(state), this.#draft.bindings(branch, more), otherwise);
  }

  /** Does the work of a state, goes on from it when it is over, and answers for its failure. */
  async #guarded(
    branch: Branch,
    work: () => Promise<Left | undefined>,
    onFailure = (failure: Failure) => this.#raise(branch, failure),
  ): Promise<void> {
    let left: Left | undefined;
    try {
      left = await work();
    } catch (error) {
      if (!(error instanceof StateFailed)) throw error;
      await onFailure(error.failure);
      return;
    }
    if (left !== undefined) await this.#go(branch, left);
  }

  async #go(branch: Branch, { output, next }: Left): Promise<void> {
    if (next !== undefined) {
      this.#draft.entrances.unshift({ branch: branch.id, state: next, input: output });
    } else if (branch.parent === undefined) {
      const text = JSON.stringify(output);
      this.end({ status: "SUCCEEDED", output: text });
      this.#draft.follow(branch, "ExecutionSucceeded", { output: text, outputDetails: whole });
    } else {
      await this.#childEnded(branch, branch.parent, output);
    }
  }

  async #childEnded(
    child: Branch,
    { branch: parentId, index }: { branch: string; index: number },
    output: unknown,
  ): Promise<void> {
    const draft = this.#draft;
    delete draft.position.branches[child.id];
    const parent = draft.branch(parentId);
    const visit = parent?.visit;
    const work = visit?.work;
    if (parent === undefined || (work?.kind !== "map" && work?.kind !== "parallel")) return;
    work.results[index] = output;
    work.left -= 1;
    let last = child.lastEventId;
    if (work.kind === "map") {
      last = draft.emit(child.lastEventId, "MapIterationSucceeded", { name: visit?.name, index });
    }
    if (work.left === 0) {
      parent.lastEventId = last;
      await this.#guarded(parent, () => this.#joined(parent, work.results));
      return;
    }
    const state = draft.state(parent);
    if (work.kind !== "map" || state.Type !== "Map" || work.next >= work.items.length) return;
    await this.#guarded(parent, async () => {
      draft.entrances.unshift(await beginIteration(draft, parent, state, child.lastEventId));
      return undefined;
    });
  }

  /** Leaves a Parallel or a Map. The recorded exit follows what the success followed, not the success. */
  async #joined(branch: Branch, results: unknown[]): Promise<Left> {
    this.#draft.emit(branch.lastEventId, `${this.#draft.state(branch).Type}StateSucceeded`);
    return await this.#leave(branch, { result: results }, results);
  }

  async #raise(branch: Branch, failure: Failure): Promise<void> {
    abortChildren(this.#draft, branch, branch.lastEventId);
    await this.answer(branch, this.#reported(branch, failure));
  }

  /** Says in the cause where it happened, and writes the event of an expression that failed. */
  #reported(branch: Branch, failure: Failure): Failure {
    const visit = visitOf(branch);
    const where = `An error occurred while executing the state '${visit.name}' (entered at the event id #${visit.enteredEventId}).`;
    if (failure.error !== "States.Runtime" && failure.location === undefined) return failure;
    const reported = { ...failure, cause: `${where} ${failure.cause}` };
    if (failure.location === undefined) return reported;
    // As recorded: when nothing has happened since the state was entered, it follows what the entering did.
    const previous = branch.lastEventId === visit.enteredEventId ? visit.cameFrom : branch.lastEventId;
    branch.lastEventId = this.#draft.emit(previous, "EvaluationFailed", {
      ...errorDetails(reported),
      location: failure.location,
      state: visit.name,
    });
    return reported;
  }

  async #failBranch(branch: Branch, failure: Failure): Promise<void> {
    const draft = this.#draft;
    if (branch.id === ROOT || branch.parent === undefined) {
      this.end({ status: "FAILED", failure });
      draft.follow(branch, "ExecutionFailed", errorDetails(failure));
      return;
    }
    const parent = draft.branch(branch.parent.branch);
    if (parent === undefined) return;
    const { name } = visitOf(parent);
    const { Type } = draft.state(parent);
    const reason = branch.lastEventId;
    if (Type === "Map") draft.emit(reason, "MapIterationFailed", { name, index: branch.parent.index });
    abort(draft, branch, reason);
    abortChildren(draft, parent, reason);
    parent.lastEventId = reason;
    await this.answer(parent, failure, `${Type}StateFailed`);
  }
}

/** Retry and Catch, of the states that can have them. */
function guards(state: State): { Retry: readonly Retrier[]; Catch: readonly Catcher[] } {
  if (state.Type !== "Task" && state.Type !== "Parallel" && state.Type !== "Map")
    return { Retry: [], Catch: [] };
  return { Retry: state.Retry ?? [], Catch: state.Catch ?? [] };
}
