import { CLOCK } from "@gonogo/core/actor/schema";
import type { AuditRecord } from "@gonogo/core/audit/schema";
import type { DeploymentRecord } from "@gonogo/core/deployment/events";
import { DEPLOYMENT } from "@gonogo/core/deployment/state";
import { withoutText } from "@gonogo/core/erasure/answer";
import type { EraseTexts, RecordErasure } from "@gonogo/core/erasure/commands";
import type { ErasedText } from "@gonogo/core/erasure/events";
import { type Erasable, erasableIn, erased, placeOf, repeating } from "@gonogo/core/erasure/find";
import type { Erased } from "@gonogo/core/erasure/ports";
import { type Erasures, type ErasuresOf, isErasing } from "@gonogo/core/erasure/state";
import type { Rejection } from "@gonogo/core/release/commands";
import { MOVED_ON } from "../execute.ts";
import type { Using } from "../runtime.ts";

export type Erasing = Using<"store" | "anchors">;

/** Records that one erasure takes texts out of: with their answers they go into one transaction of a hundred. */
export const MOST_ERASED = 30;
/** Looks that are made anew because the log moved on meanwhile. */
const MOST_LOOKS = 4;
const PIECE = 500;

export type Outcome = { readonly ok: true } | { readonly ok: false; readonly rejection: Rejection };

/** A command by the clock, as both logs take it. */
export interface ByClock<B extends EraseTexts | RecordErasure> {
  readonly id: string;
  readonly actor: typeof CLOCK;
  readonly reason?: string;
  readonly body: B;
}

/** A log, as far as texts are erased from it: a release's, or the deployment's own. */
export interface ErasableLog<R extends AuditRecord | DeploymentRecord, S> {
  readonly name: string;
  /** Where it stands; undefined where there is none. */
  stands(): Promise<{ readonly seq: number; readonly state: S } | undefined>;
  ask(request: ByClock<EraseTexts>): Promise<Outcome>;
  /** Writes the log's records without their texts, on the condition that it stands where it stood. */
  take(
    request: ByClock<RecordErasure>,
    stood: { readonly seq: number; readonly state: S },
    records: readonly R[],
    over: Erased<R>,
  ): Promise<Outcome>;
}

/**
 * Takes the texts out of a log that were asked to be erased, once the record that says so is signed: whoever
 * reads what was signed finds that record with the gap. All of it is one transaction: records, what their
 * commands were answered, the state as the log leads to it now, and that it is done. What has repeated a text
 * meanwhile is asked to be erased as well. Nothing happens where nothing is ready.
 */
export async function finishErasures<R extends AuditRecord | DeploymentRecord, S extends ErasuresOf>(
  runtime: Erasing,
  log: ErasableLog<R, S>,
): Promise<void> {
  for (let look = 0; look < MOST_LOOKS; look++) {
    const stood = await log.stands();
    if (stood === undefined || !isErasing(stood.state)) return;
    const outcome = await next(runtime, log, stood);
    if (outcome === "nothing is ready") return;
    if (!outcome.ok && outcome.rejection.code !== MOVED_ON) throw new Error(outcome.rejection.message);
  }
}

async function next<R extends AuditRecord | DeploymentRecord, S extends ErasuresOf>(
  runtime: Erasing,
  log: ErasableLog<R, S>,
  stood: { readonly seq: number; readonly state: S },
): Promise<Outcome | "nothing is ready"> {
  const { name } = log;
  const records = (await recordsOf(runtime, name, stood.seq)) as readonly R[];
  const asked = askedIn(records, stood.state.erasures);
  const named = new Set(asked.flatMap(({ texts }) => texts.map(placeOf)));
  const texts = records.flatMap(erasableIn).filter((text) => named.has(placeOf(text)));
  const more = inFewRecords(repeating(records, texts));
  if (more.length > 0) return await askMore(runtime, log, more);
  const signed = await signedUpTo(runtime, name);
  const ready = asked.find(({ seq }) => seq <= signed);
  if (ready === undefined) return "nothing is ready";
  const places = new Set(ready.texts.map(placeOf));
  const gone = texts.filter((text) => places.has(placeOf(text)));
  const without = records.map((record) => {
    const here = gone.filter(({ seq }) => seq === record.seq).map(({ pointer }) => pointer);
    return here.length === 0 ? record : erased(record, here);
  });
  const changed = without.filter((record, index) => record !== records[index]);
  const over = { records: changed, answers: await answersOf(runtime, name, changed) };
  const body = { type: "RecordErasure", erasure: ready.erasure } as const;
  return await log.take({ id: runtime.newId(), actor: CLOCK, body }, stood, without, over);
}

interface Asked {
  readonly seq: number;
  readonly erasure: number;
  readonly texts: readonly ErasedText[];
}

function askedIn(records: readonly (AuditRecord | DeploymentRecord)[], erasures?: Erasures): Asked[] {
  return records.flatMap(({ seq, event }) => {
    if (event.type !== "ErasureAsked" || !Object.hasOwn(erasures?.waiting ?? {}, event.erasure)) return [];
    return [{ seq, erasure: event.erasure, texts: event.texts }];
  });
}

/** As many of the texts as one erasure takes. */
function inFewRecords(texts: readonly Erasable[]): readonly Erasable[] {
  const some = [...new Set(texts.map(({ seq }) => seq))].slice(0, MOST_ERASED);
  return texts.filter(({ seq }) => some.includes(seq));
}

async function askMore(
  { newId }: Erasing,
  log: Pick<ErasableLog<never, never>, "ask">,
  repeated: readonly Erasable[],
): Promise<Outcome> {
  const texts = repeated.map(({ seq, pointer, digest }) => ({ seq, pointer, digest }));
  const reason = "it repeats what is being erased";
  return await log.ask({ id: newId(), actor: CLOCK, reason, body: { type: "EraseTexts", texts } });
}

/** The last record of the log that a signature covers; 0 where none does. */
async function signedUpTo({ anchors }: Erasing, log: string): Promise<number> {
  const { signed } = await anchors.state();
  return (await anchors.anchors(log)).findLast(({ index }) => index < signed)?.seq ?? 0;
}

async function answersOf(
  { store }: Erasing,
  log: string,
  records: readonly (AuditRecord | DeploymentRecord)[],
): Promise<Erased["answers"]> {
  const found: Erased["answers"][number][] = [];
  for (const command of new Set(records.map((record) => record.command))) {
    const answer = await store.answer(log, command);
    if (answer !== undefined) found.push({ ...withoutText(answer), command });
  }
  return found;
}

/** All records of a release or of the deployment, up to one. Throws where one of them is not there. */
export async function recordsOf(
  { store }: Using<"store">,
  log: string,
  seq: number,
): Promise<readonly (AuditRecord | DeploymentRecord)[]> {
  const records: (AuditRecord | DeploymentRecord)[] = [];
  while (records.length < seq) {
    const [from, limit] = [records.length + 1, Math.min(PIECE, seq - records.length)];
    const page =
      log === DEPLOYMENT ? await store.deploymentRecords(from, limit) : await store.records(log, from, limit);
    if (page.length === 0) throw new Error(`${log}: record ${from} is not there`);
    records.push(...page);
  }
  return records;
}
