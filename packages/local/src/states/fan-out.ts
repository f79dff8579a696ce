import type { MapState, ParallelState } from "./asl.ts";
import { type Draft, type Entrance, visitOf } from "./draft.ts";
import { withinLimit } from "./failure.ts";
import type { Branch, Work } from "./position.ts";
import { ARRAY, evaluate, evaluateTyped, SECONDS } from "./query.ts";

/** "Inline mode: up to 40 concurrent iterations." */
const MOST_AT_ONCE = 40;

/** Starts the branches of a Parallel. Throws StateFailed. */
export async function beginParallel(draft: Draft, branch: Branch, state: ParallelState): Promise<void> {
  const visit = visitOf(branch);
  const input =
    state.Arguments === undefined
      ? visit.input
      : await evaluate(state.Arguments, draft.bindings(branch), "Arguments");
  withinLimit(input, visit.name);
  const { length } = state.Branches;
  visit.work = { kind: "parallel", results: Array.from({ length }, () => null), left: length };
  draft.follow(branch, "ParallelStateStarted");
  const entrances = state.Branches.map((machine, index) => {
    const child = addChild(draft, branch, index, branch.lastEventId);
    return { branch: child.id, state: machine.StartAt, input };
  });
  draft.entrances.unshift(...entrances);
}

/** Starts the first iterations of a Map; false when there is nothing to iterate. Throws StateFailed. */
export async function beginMap(draft: Draft, branch: Branch, state: MapState): Promise<boolean> {
  const visit = visitOf(branch);
  const bindings = draft.bindings(branch);
  const items = await evaluateTyped(state.Items ?? visit.input, bindings, "Items", ARRAY);
  const asked = await evaluateTyped(state.MaxConcurrency ?? 0, bindings, "MaxConcurrency", SECONDS);
  const atOnce = Math.min(asked === 0 ? MOST_AT_ONCE : asked, MOST_AT_ONCE, items.length);
  visit.work = { kind: "map", items, next: 0, results: items.map(() => null), left: items.length };
  draft.follow(branch, "MapStateStarted", { length: items.length });
  const entrances: Entrance[] = [];
  for (let index = 0; index < atOnce; index++) {
    entrances.push(await beginIteration(draft, branch, state, branch.lastEventId));
  }
  draft.entrances.unshift(...entrances);
  return items.length > 0;
}

/** Throws StateFailed when the ItemSelector cannot be evaluated. */
export async function beginIteration(
  draft: Draft,
  branch: Branch,
  state: MapState,
  previousEventId: number,
): Promise<Entrance> {
  const { name, work } = visitOf(branch);
  if (work?.kind !== "map") throw new Error(`state '${name}' is running no iterations`);
  const item = { Index: work.next, Value: work.items[work.next] };
  const input =
    state.ItemSelector === undefined
      ? item.Value
      : await evaluate(
          state.ItemSelector,
          draft.bindings(branch, {}, { Map: { Item: item } }),
          "ItemSelector",
        );
  withinLimit(input, name);
  const started = draft.emit(previousEventId, "MapIterationStarted", { name, index: item.Index });
  const child = addChild(draft, branch, item.Index, started, item);
  work.next += 1;
  return { branch: child.id, state: state.ItemProcessor.StartAt, input };
}

function addChild(
  draft: Draft,
  branch: Branch,
  index: number,
  lastEventId: number,
  item?: { Index: number; Value: unknown },
): Branch {
  const id = `${branch.id}.${draft.position.nextBranch++}`;
  const { name, work } = visitOf(branch);
  const child: Branch = {
    id,
    scope: [...branch.scope, [name, work?.kind === "map" ? 0 : index]],
    parent: { branch: branch.id, index },
    ...(item === undefined ? {} : { item }),
    variables: {},
    lastEventId,
  };
  draft.position.branches[id] = child;
  return child;
}

/** The branches that this one's Parallel or Map is running, in the order of their results. */
export function children(draft: Draft, branch: Branch): Branch[] {
  return Object.values(draft.position.branches)
    .filter((child) => child.parent?.branch === branch.id)
    .sort((a, b) => (a.parent?.index ?? 0) - (b.parent?.index ?? 0));
}

/** Types whose visit can be cut short, and which the history then says so of. */
const ABORTABLE = ["Task", "Wait", "Parallel", "Map"];

/** Ends a branch and all that runs inside it. The events all follow the one that was the reason. */
export function abort(draft: Draft, branch: Branch, reason: number): void {
  if (branch.visit !== undefined) {
    const { Type } = draft.state(branch);
    if (ABORTABLE.includes(Type)) draft.emit(reason, `${Type}StateAborted`);
    abortChildren(draft, branch, reason);
  }
  delete draft.position.branches[branch.id];
}

export function abortChildren(draft: Draft, branch: Branch, reason: number): void {
  const work: Work | undefined = branch.visit?.work;
  for (const child of children(draft, branch)) {
    if (work?.kind === "map") {
      draft.emit(reason, "MapIterationAborted", { name: branch.visit?.name, index: child.parent?.index });
    }
    abort(draft, child, reason);
  }
}
