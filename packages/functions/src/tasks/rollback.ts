import { adapterFor } from "@gonogo/adapters/targets";
import { ms } from "@gonogo/core/kit/duration";
import { messageOf } from "@gonogo/core/kit/text";
import type { AloneResult } from "@gonogo/core/release/events";
import { type RollbackInput, StoreUnavailable } from "@gonogo/core/release/ports";
import { isBack, type RevertCall, type ShiftResult } from "@gonogo/core/target/port";
import { byMachine } from "../execute.ts";
import type { Using, Writing } from "../runtime.ts";
import { readTargets } from "./look.ts";

type Which = Pick<RollbackInput, "release" | "n">;

export interface PutBackInput extends Which {
  readonly item: string;
  readonly call: RevertCall;
}

/**
 * What this rollback has to put back by machine. None when it is over or another has taken its place: a
 * redriven execution of an old rollback moves nothing (S2). `again`: also what was done, and did not stay.
 */
export async function whatGoesBack(
  runtime: Using<"store">,
  { release, n, again = false }: Which & { readonly again?: boolean | undefined },
): Promise<{ items: { item: string; call: RevertCall }[] }> {
  const loaded = await runtime.store.load(release);
  const { rollback, status } = loaded?.state ?? {};
  if (status !== "rolling-back" || rollback?.n !== n) return { items: [] };
  const items = rollback.items.flatMap((item) =>
    item.kind === "target" && (again || item.status !== "done") ? [{ item: item.id, call: item.call }] : [],
  );
  return { items };
}

/**
 * Puts one target back. The target first and the record after: where the store is gone in between, the
 * traffic is back all the same, and the record is tried again. Throws when it is worth trying again.
 */
export async function putBack(runtime: Writing & Using<"targets">, input: PutBackInput): Promise<void> {
  if (await isOvertaken(runtime, input)) return;
  const result = await revert(runtime, input.call, `${input.release} rollback ${input.n}`);
  const { ok, detail } = describeResult(result, input.call);
  await byMachine(runtime, input.release, "rollback", {
    type: "RecordPutBack",
    item: input.item,
    ok,
    detail,
    ...(result.observed === undefined ? {} : { observed: result.observed }),
  });
}

/** Whether the release is known to have moved on. A store that cannot be asked says nothing against it. */
async function isOvertaken(runtime: Using<"store">, { release, n }: Which): Promise<boolean> {
  try {
    const loaded = await runtime.store.load(release);
    return loaded?.state.status !== "rolling-back" || loaded.state.rollback?.n !== n;
  } catch (error) {
    if (error instanceof StoreUnavailable) return false;
    throw error;
  }
}

/** Records that a target could not be put back, after the last try; the rollback goes on with the rest. */
export async function recordFailure(
  runtime: Writing,
  input: PutBackInput & {
    readonly error?: { readonly Cause?: string | undefined; readonly Error?: string | undefined } | undefined;
  },
): Promise<void> {
  const detail = (input.error?.Cause ?? input.error?.Error ?? "it did not answer").slice(0, 500);
  const body = { type: "RecordPutBack", item: input.item, ok: false, detail } as const;
  await byMachine(runtime, input.release, "rollback", body);
}

/** How often a target is tried without the store before it is given up. */
const TRIES_ALONE = 5;

/**
 * Puts targets back with nothing but their own APIs (S15), and says what came of each. All at once, so that
 * one whose API hangs keeps no other waiting, nor the function past its time.
 */
export async function putBackAlone(runtime: Using<"targets">, input: RollbackInput): Promise<AloneResult[]> {
  const note = `${input.release} rollback, store away`;
  const done = new Map<RevertCall, AloneResult>();
  const failed = new Map<RevertCall, string>();
  const attempt = async (call: RevertCall) => {
    try {
      const result = await revert(runtime, call, note);
      done.set(call, { component: call.component, ...describeResult(result, call) });
    } catch (error) {
      failed.set(call, messageOf(error).slice(0, 300));
    }
  };
  for (let round = 1; round <= TRIES_ALONE && done.size < input.calls.length; round++) {
    if (round > 1) await runtime.clock.sleep(ms(500 * (round - 1)));
    await Promise.all(input.calls.filter((call) => !done.has(call)).map(attempt));
  }
  return input.calls.map(
    (call) => done.get(call) ?? { component: call.component, ok: false, detail: failed.get(call) ?? "" },
  );
}

/** Writes down what was done without the store. Tried until the store is back. */
export async function recordAlone(
  runtime: Writing,
  input: { readonly input: RollbackInput; readonly results: readonly AloneResult[] },
): Promise<void> {
  const { release, at, cause } = input.input;
  const body = { type: "RecordAlone", at, cause, results: input.results } as const;
  await byMachine(runtime, release, "rollback", body);
}

/** Looks at every target again. What is not back yet is named, for another round or for the record. */
export async function verify(
  runtime: Writing & Using<"targets">,
  { release, n, last }: Which & { readonly last: boolean },
): Promise<{ left: number }> {
  const loaded = await runtime.store.load(release);
  if (loaded === undefined || loaded.state.status !== "rolling-back" || loaded.state.rollback?.n !== n) {
    return { left: 0 };
  }
  const targets = await readTargets(runtime, loaded.plan, loaded.state);
  const left = loaded.state.rollback.items.filter((item) => {
    if (item.kind !== "target") return false;
    const seen = targets.find(({ component }) => component === item.component);
    return seen === undefined || !isBack(seen.observed, item.call);
  });
  if (left.length > 0 && !last) return { left: left.length };
  await byMachine(runtime, release, "rollback", { type: "EndRollback", targets });
  return { left: 0 };
}

async function revert(runtime: Using<"targets">, call: RevertCall, note: string): Promise<ShiftResult> {
  const adapter = adapterFor(runtime.targets, call.target);
  if (adapter === undefined) return { kind: "refused", detail: "people put this back" };
  return await adapter.revert(call, note);
}

function describeResult(result: ShiftResult, call: RevertCall): { ok: boolean; detail: string } {
  switch (result.kind) {
    case "shifted":
      return { ok: true, detail: result.observed.note ?? `back on ${call.previous}` };
    case "fenced":
      return { ok: false, detail: `it stands on ${result.observed.primary}` };
    case "refused":
      return { ok: false, detail: result.detail };
  }
}
