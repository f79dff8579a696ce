import { utf8ToBytes } from "@noble/hashes/utils.js";
import { hours } from "../kit/duration.ts";
import { type Instant, minus } from "../kit/instant.ts";
import type { IncidentState } from "./state.ts";

/** A line has at most 75 octets, its end not counted (RFC 5545 3.1). */
const LONGEST_LINE = 75;

export interface Invitation {
  readonly release: string;
  readonly title: string;
  readonly incident: IncidentState;
  readonly role: string;
}

/**
 * An hour for the postmortem, that ends when it is due, as an iCalendar object (RFC 5545). Its UID is the
 * incident's, so that a calendar that gets it again moves the entry that it has.
 */
export function postmortemCalendar({ release, title, incident, role }: Invitation): string {
  const { id, openedAt, postmortemDue, cause } = incident;
  const description = [
    `Postmortem of ${release}, ${title}.`,
    ...(cause === undefined ? [] : [`Cause: ${cause}`]),
    `For: ${role}. Due ${postmortemDue}.`,
  ].join("\n");
  const lines = [
    "BEGIN:VCALENDAR",
    "VERSION:2.0",
    "PRODID:-//gonogo//release control//EN",
    "CALSCALE:GREGORIAN",
    "BEGIN:VEVENT",
    `UID:postmortem-${id}@gonogo`,
    `DTSTAMP:${basic(openedAt)}`,
    `DTSTART:${basic(minus(postmortemDue, hours(1)))}`,
    `DTEND:${basic(postmortemDue)}`,
    "SEQUENCE:0",
    "STATUS:TENTATIVE",
    `SUMMARY:${escaped(`Postmortem ${id}: ${title}`)}`,
    `DESCRIPTION:${escaped(description)}`,
    "BEGIN:VALARM",
    "ACTION:DISPLAY",
    `DESCRIPTION:${escaped(`Postmortem ${id}`)}`,
    "TRIGGER:-PT4H",
    "END:VALARM",
    "END:VEVENT",
    "END:VCALENDAR",
  ];
  return `${lines.map(folded).join("\r\n")}\r\n`;
}

/** Form 2 of DATE-TIME: `20250604T021700Z`. */
function basic(at: Instant): string {
  return `${at.slice(0, 19).replaceAll(/[-:]/g, "")}Z`;
}

/** TEXT (3.3.11): backslash, semicolon, comma and line end are written with a backslash. */
function escaped(text: string): string {
  return text.replaceAll(/[\\;,]/g, (character) => `\\${character}`).replaceAll(/\r?\n/g, "\\n");
}

/** Continues on lines that begin with a space; no character is cut in two. */
function folded(line: string): string {
  const lines: string[] = [];
  let current = "";
  let octets = 0;
  for (const character of line) {
    const size = utf8ToBytes(character).length;
    if (octets + size > LONGEST_LINE) {
      lines.push(current);
      current = " ";
      octets = 1;
    }
    current += character;
    octets += size;
  }
  return [...lines, current].join("\r\n");
}
