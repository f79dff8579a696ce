import { type Actor, CLOCK, principal, ROLLBACK, ROLLOUT } from "@gonogo/core/actor/schema";
import { genesis, seal } from "@gonogo/core/audit/chain";
import type { AuditRecord } from "@gonogo/core/audit/schema";
import type { Erased } from "@gonogo/core/erasure/ports";
import type { EvidenceFile } from "@gonogo/core/evidence/schema";
import { type Digest, digestOf } from "@gonogo/core/kit/digest";
import { ms } from "@gonogo/core/kit/duration";
import type { Plan } from "@gonogo/core/plan/schema";
import { claimsOf } from "@gonogo/core/release/claims";
import type { Command, CommandBody, Rejection } from "@gonogo/core/release/commands";
import { decide } from "@gonogo/core/release/decide";
import type { Decision } from "@gonogo/core/release/draft";
import type { ReleaseEvent } from "@gonogo/core/release/events";
import { evolve, initialState, metaOf } from "@gonogo/core/release/evolve";
import type { Appended, Loaded } from "@gonogo/core/release/ports";
import type { ReleaseState } from "@gonogo/core/release/state";
import { followUp } from "./follow-up.ts";
import type { Writing } from "./runtime.ts";

export interface Request {
  readonly release: string;
  /** The idempotency key. */
  readonly id: string;
  readonly actor: Actor;
  readonly reason?: string | undefined;
  /** The file that the command refers to, as it was found just now. */
  readonly file?: EvidenceFile | undefined;
  /** Whether the release still stands where the request was made on it; asked at the moment of the write. */
  readonly standsAt?: ((seq: number) => boolean) | undefined;
  /** Where the deployment's log stood when its calendar was read; nothing is written if it has gone on. */
  readonly deploymentAt?: number | undefined;
  /** What is decided on, and written over, instead of what stands there: see events/erase.ts. */
  readonly cleansed?: { readonly state: ReleaseState; readonly erased: Erased<AuditRecord> } | undefined;
  readonly body: CommandBody;
}

/** The code of a rejection because `standsAt` said no. */
export const MOVED_ON = "release.moved-on";

/** The code of a rejection because the deployment's log is no longer at `deploymentAt`. */
export const CALENDAR_CHANGED = "deployment.moved-on";

export type Outcome =
  | { readonly ok: true; readonly plan: Plan; readonly state: ReleaseState; readonly seq: number }
  | { readonly ok: false; readonly rejection: Rejection };

/** Races that may be lost before something else must be wrong. */
const MOST_TRIES = 30;

/**
 * The one path: load, decide, append, follow up. A lost race is decided again on what won. Throws
 * StoreUnavailable when the store cannot be reached; then nothing was written, or the same request asked
 * again finds that it was.
 */
export async function execute(runtime: Writing, request: Request): Promise<Outcome> {
  for (let attempt = 0; attempt < MOST_TRIES; attempt++) {
    const outcome = await attemptOnce(runtime, request);
    if (outcome !== "overtaken") return outcome;
    if (attempt > 0) await runtime.clock.sleep(ms(Math.min(2 ** attempt, 50)));
  }
  throw new Error(`${request.release}: ${request.body.type} lost ${MOST_TRIES} races in a row`);
}

async function attemptOnce(runtime: Writing, request: Request): Promise<Outcome | "overtaken"> {
  const stands = await runtime.store.load(request.release);
  const { cleansed } = request;
  const loaded = stands && cleansed ? { ...stands, state: cleansed.state } : stands;
  const command: Command = {
    id: request.id,
    at: runtime.clock.now(),
    actor: request.actor,
    reason: request.reason,
    file: request.file,
    ...(loaded === undefined ? {} : { head: { seq: loaded.seq, digest: loaded.head } }),
    body: request.body,
  };
  const plan = loaded?.plan ?? (request.body.type === "Submit" ? request.body.plan : undefined);
  if (plan === undefined) return notFound(request.release);
  const attempt: Attempt = { plan, loaded, command, request };
  if (loaded !== undefined && request.standsAt?.(loaded.seq) === false) {
    return (await answered(runtime, attempt)) ?? movedOn();
  }
  const decision = decide(plan, loaded?.state, command);
  if (!decision.ok) return await refuse(runtime, attempt, decision.rejection);
  // What changes nothing is remembered for those who chose its key.
  const isForgettable = !(request.actor.kind === "person" || request.actor.kind === "tool");
  if (decision.events.length === 0 && loaded !== undefined && isForgettable) {
    return { ok: true, plan, state: loaded.state, seq: loaded.seq };
  }
  return await append(runtime, { ...attempt, plan: planAfter(attempt, decision.events) }, decision);
}

/** The plan by which what was decided is folded and followed up: the new one of a revision, from then on. */
function planAfter({ plan, request }: Attempt, events: readonly ReleaseEvent[]): Plan {
  const isRevised = request.body.type === "Revise" && events.some(({ type }) => type === "PlanRevised");
  return isRevised && request.body.type === "Revise" ? request.body.plan : plan;
}

interface Attempt {
  /** The one that the release has after this. */
  readonly plan: Plan;
  readonly loaded: Loaded | undefined;
  readonly command: Command;
  readonly request: Request;
}

async function append(
  runtime: Writing,
  attempt: Attempt,
  decision: Extract<Decision, { ok: true }>,
): Promise<Outcome | "overtaken"> {
  const written = await write(runtime, attempt, decision.events);
  switch (written.appended.kind) {
    case "written":
      await followUp(runtime, attempt.plan, attempt.loaded, written.state, written.records);
      return {
        ok: true,
        plan: attempt.plan,
        state: written.state,
        seq: written.records.at(-1)?.seq ?? attempt.loaded?.seq ?? 0,
      };
    case "overtaken":
      return "overtaken";
    case "answered":
      return (await answered(runtime, attempt)) ?? "overtaken";
    case "deployment-moved-on": {
      const message = "the deployment's calendar has changed in this moment; read it again";
      return { ok: false, rejection: { kind: "conflict", code: CALENDAR_CHANGED, message } };
    }
    case "locked": {
      const { lock, holder } = written.appended;
      const message = holder === undefined ? `${lock} was taken just now` : `${lock} is held by ${holder}`;
      return { ok: false, rejection: { kind: "conflict", code: "target.locked", message } };
    }
  }
}

/** What was refused is recorded too, where somebody outside asked; the machines ask often and mean no harm. */
async function refuse(
  runtime: Writing,
  attempt: Attempt,
  rejection: Rejection,
): Promise<Outcome | "overtaken"> {
  const { loaded, command } = attempt;
  if (!isFromOutside(command.actor)) return { ok: false, rejection };
  const before = await answered(runtime, attempt);
  if (before !== undefined || loaded === undefined) return before ?? { ok: false, rejection };
  const { code, message: why } = rejection;
  const refused: ReleaseEvent = { type: "CommandRefused", command: command.body.type, code, why };
  const { appended } = await write(runtime, attempt, [refused], rejection);
  return appended.kind === "overtaken" ? "overtaken" : { ok: false, rejection };
}

async function write(
  runtime: Writing,
  { plan, loaded, command, request }: Attempt,
  events: readonly ReleaseEvent[],
  rejection?: Rejection,
): Promise<{ appended: Appended; state: ReleaseState; records: readonly AuditRecord[] }> {
  const head = {
    release: request.release,
    seq: loaded?.seq ?? 0,
    digest: loaded?.head ?? genesis(request.release),
  };
  const records = seal(head, command, events, runtime.newSalt);
  const state = fold(plan, loaded?.state, records);
  const appended = await runtime.store.append({
    release: request.release,
    before: head.seq,
    records,
    state,
    ...(loaded?.plan === plan ? {} : { plan }),
    claims: claimsOf(plan, state, records, loaded?.plan),
    ...(request.deploymentAt === undefined ? {} : { deploymentAt: request.deploymentAt }),
    ...(request.cleansed === undefined ? {} : { erased: request.cleansed.erased }),
    ...(isFromOutside(command.actor)
      ? {
          answer: {
            command: command.id,
            fingerprint: fingerprint(request),
            ...(rejection === undefined ? {} : { rejection }),
          },
        }
      : {}),
  });
  return { appended, state, records };
}

function fold(plan: Plan, before: ReleaseState | undefined, records: readonly AuditRecord[]): ReleaseState {
  let state = before;
  for (const record of records) {
    const meta = metaOf(record);
    if (record.event.type === "ReleaseSubmitted") state = initialState(record.release, record.event, meta);
    else if (state !== undefined) state = evolve(plan, state, record.event, meta);
  }
  if (state === undefined) throw new Error("a release begins with its submission");
  return state;
}

/** What the same command was answered before; a key that was used for something else is refused. */
async function answered(runtime: Writing, { request, loaded }: Attempt): Promise<Outcome | undefined> {
  if (!isFromOutside(request.actor)) return undefined;
  const answer = await runtime.store.answer(request.release, request.id);
  if (answer === undefined) return undefined;
  if (answer.fingerprint !== fingerprint(request)) {
    const message = "this idempotency key was used for another request; take a new one";
    return { ok: false, rejection: { kind: "conflict", code: "idempotency.reused", message } };
  }
  if (answer.rejection !== undefined) return { ok: false, rejection: answer.rejection };
  const now = loaded ?? (await runtime.store.load(request.release));
  if (now === undefined) return undefined;
  return { ok: true, plan: now.plan, state: now.state, seq: answer.seq };
}

function fingerprint(request: Request): Digest {
  return digestOf({
    who: principal(request.actor) ?? null,
    body: request.body,
    reason: request.reason ?? null,
  });
}

function isFromOutside(actor: Actor): boolean {
  return actor.kind === "person" || actor.kind === "tool" || actor.kind === "alarm";
}

export function notFound(release: string): Outcome {
  const message = `there is no release ${release}`;
  return { ok: false, rejection: { kind: "not-found", code: "release.unknown", message } };
}

function movedOn(): Outcome {
  const message = "the release has moved on since you read it; look again";
  return { ok: false, rejection: { kind: "conflict", code: MOVED_ON, message } };
}

/** A request by one of gonogo's own machines or by its clock. */
export function byMachine(
  runtime: Writing,
  release: string,
  which: "rollout" | "rollback" | "clock",
  body: CommandBody,
  deploymentAt?: number,
): Promise<Outcome> {
  const actor = which === "rollout" ? ROLLOUT : which === "rollback" ? ROLLBACK : CLOCK;
  return execute(runtime, { release, id: runtime.newId(), actor, body, deploymentAt });
}
