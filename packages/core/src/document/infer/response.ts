import type { Response } from "../../trigger/schema.ts";

/** What a trigger's row wants done, and why it was read so. */
export interface ReadResponse {
  readonly respond: Response;
  readonly because: string;
  readonly reduceTo?: number;
}

const PUTS_BACK =
  /roll(?:ed|ing)?[ -]?back|revert|restore|redeploy|previous (?:version|build|release)|remove (?:the )?build/i;
const CONDITIONAL = /\bif\b|unless|unresolved|\bor\b[^.;]*roll|consider|evaluate|decide/i;

/**
 * Reads the response out of the two columns in which documents put it. A process that puts the old version
 * back without an "if" is a rollback, whatever is done first; one with an "if" is for people to decide.
 */
export function readResponse(action: string, process: string): ReadResponse {
  // The first sentences say what is wanted; a page of text is for people.
  const said = `${action.slice(0, 500)}; ${process.slice(0, 1_000)}`;
  if (/^(?:notify|tell|inform|alert|page|contact|email)\b/i.test(action)) {
    return { respond: "notify", because: "its action is to tell people" };
  }
  if (/scale down|reduce|lower|decrease|take traffic off|shrink/i.test(action)) {
    const to = /to (\d+(?:\.\d+)?) ?%/i.exec(action)?.[1];
    const because = "its action takes traffic off, and people decide about the rest";
    return { respond: "reduce", because, ...(to === undefined ? {} : { reduceTo: Number(to) }) };
  }
  if (PUTS_BACK.test(said)) {
    if (CONDITIONAL.test(said)) return { respond: "evaluate", because: "whether to roll back depends" };
    return { respond: "rollback", because: "its process puts the previous version back" };
  }
  if (/evaluate|investigate|assess|decide|review|war ?room/i.test(said)) {
    return { respond: "evaluate", because: "people are to look into it" };
  }
  if (/pause|freeze|halt|stop|hold|suspend/i.test(said)) {
    return { respond: "pause", because: "its action stops the rollout" };
  }
  return { respond: "evaluate", because: "neither column says whether to roll back" };
}
