import type { DeploymentRecordsPage, RecordsPage } from "@gonogo/client";
import { capital, dayTime, plainWords } from "../kit/format.ts";

/** A record of a release, or of the deployment. */
export type AuditRecord = RecordsPage["items"][number] | DeploymentRecordsPage["items"][number];
type Names = RecordsPage["names"];

export interface Wanted {
  readonly text: string;
  readonly type: string;
  readonly actor: string;
}

export const ALL: Wanted = { text: "", type: "", actor: "" };

/** Who stands behind a record, as one chooses them from a list. */
export function actorOf({ actor }: AuditRecord, names: Names): string {
  switch (actor.kind) {
    case "person":
    case "tool":
      return names[actor.id] ?? actor.id;
    case "alarm":
      return `The alarm ${actor.name}`;
    case "clock":
      return "The clock";
    case "machine":
      return `The ${actor.name} machine`;
  }
}

export function typeOf({ event }: AuditRecord): string {
  return capital(plainWords(event.type));
}

/** Those that are wanted; text is looked for in everything that a record says. */
export function filtered(records: readonly AuditRecord[], names: Names, wanted: Wanted): AuditRecord[] {
  const text = wanted.text.trim().toLowerCase();
  return records.filter((record) => {
    if (wanted.type !== "" && typeOf(record) !== wanted.type) return false;
    if (wanted.actor !== "" && actorOf(record, names) !== wanted.actor) return false;
    if (text === "") return true;
    const words = `${typeOf(record)} ${actorOf(record, names)} ${JSON.stringify(record)}`;
    return words.toLowerCase().includes(text);
  });
}

/** Fields that are told elsewhere in the row, or that only machines read. */
const UNTOLD = ["type", "fence", "lock", "n"];
const MOST_FACTS = 6;

/** What an event says besides its name, in short: `step p1 · percent 10`. */
export function factsOf({ event }: AuditRecord, names: Names = {}): string {
  return Object.entries(event)
    .filter(([key, value]) => !UNTOLD.includes(key) && typeof value !== "object" && value !== "")
    .slice(0, MOST_FACTS)
    .map(([key, value]) => `${plainWords(key)} ${names[String(value)] ?? shortened(said(String(value)))}`)
    .join(" · ");
}

/** A text that was erased has its commitment in its place. */
export function said(text: string): string {
  return text.startsWith("erased:sha256:") ? "(erased)" : text;
}

function shortened(text: string): string {
  if (/^sha256:/.test(text)) return text.slice(7, 19);
  if (/^\d{4}-\d\d-\d\dT[\d:.]+Z$/.test(text)) return dayTime(text);
  return text.length > 160 ? `${text.slice(0, 157)}…` : text;
}
