import { type Actor, principal } from "@gonogo/core/actor/schema";
import { seal } from "@gonogo/core/audit/chain";
import type { DeploymentBody, DeploymentCommand } from "@gonogo/core/deployment/commands";
import { decideDeployment } from "@gonogo/core/deployment/decide";
import type { DeploymentEvent, DeploymentRecord } from "@gonogo/core/deployment/events";
import { evolveDeployment } from "@gonogo/core/deployment/evolve";
import type { DeploymentAppended, LoadedDeployment } from "@gonogo/core/deployment/ports";
import { DEPLOYMENT, type DeploymentState } from "@gonogo/core/deployment/state";
import type { Erased } from "@gonogo/core/erasure/ports";
import { type Digest, digestOf } from "@gonogo/core/kit/digest";
import { ms } from "@gonogo/core/kit/duration";
import type { Rejection } from "@gonogo/core/release/commands";
import { metaOf } from "@gonogo/core/release/evolve";
import { MOVED_ON } from "./execute.ts";
import type { Using } from "./runtime.ts";

export interface DeploymentRequest {
  /** The idempotency key. */
  readonly id: string;
  readonly actor: Actor;
  readonly reason?: string | undefined;
  /** What is decided on, and written over, instead of what stood there at `seq`: see events/erase.ts. */
  readonly cleansed?:
    | {
        readonly seq: number;
        readonly state: DeploymentState;
        readonly erased: Erased<DeploymentRecord>;
      }
    | undefined;
  readonly body: DeploymentBody;
}

export type DeploymentOutcome =
  | {
      readonly ok: true;
      readonly state: DeploymentState;
      readonly seq: number;
      /** What was written just now; nothing where it had been asked before. */
      readonly events: readonly DeploymentEvent[];
    }
  | { readonly ok: false; readonly rejection: Rejection };

const MOST_TRIES = 30;

/**
 * The one path, for what holds for the whole deployment: load, decide, append. Its log is a chain of its own
 * beside those of the releases. What follows for releases is for whoever asked: see events/calendar.ts.
 */
export async function executeForDeployment(
  runtime: Using<"store">,
  request: DeploymentRequest,
): Promise<DeploymentOutcome> {
  for (let attempt = 0; attempt < MOST_TRIES; attempt++) {
    const outcome = await attemptOnce(runtime, request);
    if (outcome !== "overtaken") return outcome;
    if (attempt > 0) await runtime.clock.sleep(ms(Math.min(2 ** attempt, 50)));
  }
  throw new Error(`${request.body.type} of the deployment lost ${MOST_TRIES} races in a row`);
}

async function attemptOnce(
  runtime: Using<"store">,
  request: DeploymentRequest,
): Promise<DeploymentOutcome | "overtaken"> {
  const stands = await runtime.store.deployment();
  const { id, actor, reason, body, cleansed } = request;
  if (cleansed !== undefined && cleansed.seq !== stands.seq) {
    const message = "the deployment's log has moved on; look again";
    return { ok: false, rejection: { kind: "conflict", code: MOVED_ON, message } };
  }
  const loaded = cleansed === undefined ? stands : { ...stands, state: cleansed.state };
  const command: DeploymentCommand = { id, at: runtime.clock.now(), actor, reason, body };
  const before = await answered(runtime, loaded, request);
  if (before !== undefined) return before;
  const decision = decideDeployment(loaded.state, command);
  if (!decision.ok) {
    if (!isFromOutside(actor)) return decision;
    const { code, message: why } = decision.rejection;
    const refused: DeploymentEvent = { type: "CommandRefused", command: body.type, code, why };
    const { appended } = await write(runtime, loaded, command, [refused], { rejection: decision.rejection });
    return appended.kind === "written" ? decision : "overtaken";
  }
  if (decision.events.length === 0 && !isFromOutside(actor)) {
    return { ok: true, state: loaded.state, seq: loaded.seq, events: [] };
  }
  const { appended, state, records } = await write(runtime, loaded, command, decision.events, {
    erased: cleansed?.erased,
  });
  if (appended.kind !== "written") return "overtaken";
  return { ok: true, state, seq: records.at(-1)?.seq ?? loaded.seq, events: decision.events };
}

async function write(
  runtime: Using<"store">,
  loaded: LoadedDeployment,
  command: DeploymentCommand,
  events: readonly DeploymentEvent[],
  { rejection, erased }: { rejection?: Rejection; erased?: Erased<DeploymentRecord> | undefined } = {},
): Promise<{
  appended: DeploymentAppended;
  state: DeploymentState;
  records: readonly DeploymentRecord[];
}> {
  const head = { release: DEPLOYMENT, seq: loaded.seq, digest: loaded.head };
  const records = seal(head, command, events, runtime.newSalt);
  const state = records.reduce(
    (now, record) => evolveDeployment(now, record.event, metaOf(record)),
    loaded.state,
  );
  const answer = {
    command: command.id,
    fingerprint: fingerprint(command),
    ...(rejection === undefined ? {} : { rejection }),
  };
  const appended = await runtime.store.appendDeployment({
    before: loaded.seq,
    records,
    state,
    ...(isFromOutside(command.actor) ? { answer } : {}),
    ...(erased === undefined ? {} : { erased }),
  });
  return { appended, state, records };
}

/** What the same command was answered before; a key that was used for something else is refused. */
async function answered(
  runtime: Using<"store">,
  loaded: LoadedDeployment,
  request: DeploymentRequest,
): Promise<DeploymentOutcome | undefined> {
  if (!isFromOutside(request.actor)) return undefined;
  const answer = await runtime.store.deploymentAnswer(request.id);
  if (answer === undefined) return undefined;
  if (answer.fingerprint !== fingerprint(request)) {
    const message = "this idempotency key was used for another request; take a new one";
    return { ok: false, rejection: { kind: "conflict", code: "idempotency.reused", message } };
  }
  if (answer.rejection !== undefined) return { ok: false, rejection: answer.rejection };
  return { ok: true, state: loaded.state, seq: answer.seq, events: [] };
}

function fingerprint({ actor, body, reason }: DeploymentRequest | DeploymentCommand): Digest {
  return digestOf({ who: principal(actor) ?? null, body, reason: reason ?? null });
}

function isFromOutside(actor: Actor): boolean {
  return actor.kind === "person" || actor.kind === "tool";
}
