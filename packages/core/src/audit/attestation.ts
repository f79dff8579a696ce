import { utf8ToBytes } from "@noble/hashes/utils.js";
import { z } from "zod";
import { principal } from "../actor/schema.ts";
import { canonicalJson, type Digest } from "../kit/digest.ts";
import type { Loaded } from "../release/ports.ts";
import type { AuditRecord } from "./schema.ts";
import { fromBase64, isSigned, keyId, type PublicKey, type Signer, toBase64 } from "./signature.ts";

/** https://github.com/in-toto/attestation/blob/main/spec/v1/statement.md */
const STATEMENT = "https://in-toto.io/Statement/v1";
const PAYLOAD = "application/vnd.in-toto+json";
/** What a predicate of this kind has; a change of meaning gets another number. */
export const PREDICATE = "https://gonogo.dev/attestation/release/v1";

export interface Statement {
  readonly _type: typeof STATEMENT;
  readonly subject: readonly { readonly name: string; readonly digest: { readonly sha256: string } }[];
  readonly predicateType: typeof PREDICATE;
  readonly predicate: ReleasePredicate;
}

/** What a release was and how it ended. People are the ids that the log has. */
export interface ReleasePredicate {
  readonly release: string;
  readonly environment: string;
  readonly revision: number;
  readonly plan: Digest;
  readonly requester?: string;
  readonly submittedAt: string;
  readonly startedAt?: string;
  readonly endedAt?: string;
  readonly outcome: string;
  readonly approvals: readonly {
    readonly role: string;
    readonly by: string;
    readonly at: string;
    readonly plan: Digest;
  }[];
  readonly poll?: { readonly result: "go" | "no-go"; readonly at: string };
  readonly verdicts: readonly {
    readonly of: "phase" | "validation";
    readonly id: string;
    readonly verdict: string;
    readonly at: string;
  }[];
  readonly versions: readonly {
    readonly component: string;
    readonly previous: string;
    readonly next: string;
  }[];
  readonly log: { readonly records: number; readonly head: Digest };
}

/** https://github.com/secure-systems-lab/dsse/blob/master/envelope.md */
export const Envelope = z.strictObject({
  payload: z.string(),
  payloadType: z.string(),
  signatures: z.array(z.strictObject({ keyid: z.string(), sig: z.string() })).min(1),
});
export type Envelope = z.infer<typeof Envelope>;

/** The release as its log says that it was, up to the record that it stands at. */
export function releaseStatement(
  { state, seq, head }: Pick<Loaded, "state" | "seq" | "head">,
  records: readonly AuditRecord[],
): Statement {
  const { id, environment, revision, plan, requester, submittedAt, startedAt, endedAt, status } = state;
  const predicate: ReleasePredicate = {
    release: id,
    environment,
    revision,
    plan,
    ...(requester === undefined ? {} : { requester }),
    submittedAt,
    ...(startedAt === undefined ? {} : { startedAt }),
    ...(endedAt === undefined ? {} : { endedAt }),
    outcome: status,
    approvals: records.flatMap(({ event, actor, at }) =>
      event.type === "ApprovalGiven"
        ? [{ role: event.role, by: principal(actor) ?? "", at, plan: event.plan }]
        : [],
    ),
    ...pollOf(records),
    verdicts: records.flatMap(({ event, at }): ReleasePredicate["verdicts"] => {
      switch (event.type) {
        case "PhasePassed":
          return [{ of: "phase", id: event.step, verdict: event.promoted ? "promoted" : "pass", at }];
        case "PhaseHeld":
          return [{ of: "phase", id: event.step, verdict: "hold", at }];
        case "ValidationRecorded":
          return [{ of: "validation", id: event.validation, verdict: event.verdict, at }];
        default:
          return [];
      }
    }),
    versions: records.flatMap(({ event }) =>
      event.type === "ReleaseStarted"
        ? event.components.map(({ component, previous, next }) => ({ component, previous, next }))
        : [],
    ),
    log: { records: seq, head },
  };
  const subject = (name: string, digest: Digest) => ({ name, digest: { sha256: digest.slice(7) } });
  return {
    _type: STATEMENT,
    subject: [subject(`${id}/plan`, plan), subject(`${id}/log`, head)],
    predicateType: PREDICATE,
    predicate,
  };
}

function pollOf(records: readonly AuditRecord[]): Pick<ReleasePredicate, "poll"> {
  const closed = records.findLast(({ event }) => event.type === "PollClosed");
  if (closed?.event.type !== "PollClosed") return {};
  return { poll: { result: closed.event.result, at: closed.at } };
}

export async function signStatement(signer: Signer, statement: Statement): Promise<Envelope> {
  const payload = utf8ToBytes(canonicalJson(statement));
  return {
    payload: toBase64(payload),
    payloadType: PAYLOAD,
    signatures: [
      {
        keyid: keyId(await signer.publicKey()),
        sig: toBase64(await signer.sign(preAuthenticated(PAYLOAD, payload))),
      },
    ],
  };
}

/** What the key has signed, if it has: of another kind of envelope, or another's, undefined. */
export async function openEnvelope(key: PublicKey, envelope: Envelope): Promise<Statement | undefined> {
  const payload = fromBase64(envelope.payload);
  if (payload === undefined || envelope.payloadType !== PAYLOAD) return undefined;
  const message = preAuthenticated(envelope.payloadType, payload);
  for (const { sig } of envelope.signatures) {
    const signature = fromBase64(sig);
    if (signature === undefined || !(await isSigned(key, message, signature))) continue;
    const statement = JSON.parse(new TextDecoder().decode(payload)) as Statement;
    return statement._type === STATEMENT && statement.predicateType === PREDICATE ? statement : undefined;
  }
  return undefined;
}

/** PAE of https://github.com/secure-systems-lab/dsse/blob/master/protocol.md */
export function preAuthenticated(type: string, payload: Uint8Array): Uint8Array {
  const front = utf8ToBytes(`DSSEv1 ${utf8ToBytes(type).length} ${type} ${payload.length} `);
  const all = new Uint8Array(front.length + payload.length);
  all.set(front);
  all.set(payload, front.length);
  return all;
}
