import { personId, principal } from "@gonogo/core/actor/schema";
import type { AuditRecord } from "@gonogo/core/audit/schema";
import type { DeploymentRecord } from "@gonogo/core/deployment/events";
import type { PersonCommand } from "@gonogo/core/release/person-commands";
import { PERSON_ID } from "@gonogo/core/review/answers";

/**
 * A review names who took part. In the log they are ids; the names are kept beside it, where they can be
 * erased (S16). Somebody who is known by an id already may be named by that.
 */
export function withoutNames(command: PersonCommand): {
  command: PersonCommand;
  /** To be remembered once the command is accepted. */
  names: Readonly<Record<string, string>>;
} {
  if (command.type !== "SaveReview" && command.type !== "SignReview") return { command, names: {} };
  const attendees = command.answers?.attendees;
  if (attendees === undefined) return { command, names: {} };
  const people = attendees.map((text) => ({
    id: PERSON_ID.test(text) ? text : personId("attendee", text),
    text,
  }));
  const ids = [...new Set(people.map(({ id }) => id))];
  const names = people.filter(({ id, text }) => id !== text).map(({ id, text }) => [id, text]);
  return {
    command: { ...command, answers: { ...command.answers, attendees: ids } },
    names: Object.fromEntries(names),
  };
}

/** Everybody whom a record speaks of, by id. */
export function peopleIn({ actor, event }: AuditRecord | DeploymentRecord): string[] {
  const who = principal(actor) ?? [];
  const attendees =
    event.type === "ReviewSaved" || event.type === "ReviewSigned" ? (event.answers?.attendees ?? []) : [];
  // To whom a role was lent, for whom somebody signed, whose approval fell.
  const spokenOf = Object.values(event).filter((one) => typeof one === "string" && PERSON_ID.test(one));
  return [...new Set([who, ...attendees, ...spokenOf].flat())];
}
