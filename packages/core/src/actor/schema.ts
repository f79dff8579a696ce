import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex, utf8ToBytes } from "@noble/hashes/utils.js";
import { z } from "zod";

/**
 * Who asks for a change. In the audit log a person is an opaque id with the roles they held at that moment;
 * the name belonging to the id is kept outside the chain, where it can be erased.
 */
export const Actor = z.discriminatedUnion("kind", [
  z.strictObject({
    kind: z.literal("person"),
    id: z.string().describe("Made of issuer and subject, see personId."),
    roles: z.array(z.string()),
    /** A stand-in of the sample world: marked as such wherever it is shown. */
    standIn: z.boolean().optional(),
  }),
  z.strictObject({ kind: z.literal("tool"), id: z.string(), roles: z.array(z.string()) }),
  z.strictObject({ kind: z.literal("alarm"), source: z.string(), name: z.string() }),
  z.strictObject({ kind: z.literal("clock") }),
  z.strictObject({ kind: z.literal("machine"), name: z.string() }),
]);

export type Actor = z.infer<typeof Actor>;

export const CLOCK: Actor = { kind: "clock" };
export const ROLLOUT: Actor = { kind: "machine", name: "rollout" };
export const ROLLBACK: Actor = { kind: "machine", name: "rollback" };

/**
 * One person, however they signed in: the issuer's own immutable subject, never an e-mail address or a
 * display name, which can be given to another (OpenID Connect Core 5.7).
 */
export function personId(issuer: string, subject: string): string {
  return `psn_${bytesToHex(sha256(utf8ToBytes(`${issuer}\u0000${subject}`))).slice(0, 20)}`;
}

/** What tells two actors apart; undefined for what is no one, such as a clock. */
export function principal(actor: Actor): string | undefined {
  return actor.kind === "person" || actor.kind === "tool" ? actor.id : undefined;
}

export function hasRole(actor: Actor, role: string): boolean {
  return (actor.kind === "person" || actor.kind === "tool") && actor.roles.includes(role);
}

/** In a log line: `person psn_1f… (CTO)`, `alarm API5xxAlarm`. */
export function describeActor(actor: Actor): string {
  switch (actor.kind) {
    case "person":
    case "tool":
      return `${actor.kind} ${actor.id}${actor.roles.length > 0 ? ` (${actor.roles.join(", ")})` : ""}`;
    case "alarm":
      return `alarm ${actor.name}`;
    case "clock":
      return "the clock";
    case "machine":
      return `the ${actor.name} machine`;
  }
}
