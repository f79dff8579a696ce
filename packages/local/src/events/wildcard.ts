import { PatternProblem } from "./pattern-problem.ts";

/** A wildcard pattern in pieces: what stands between its stars. One piece means that it has no star. */
export interface Wildcard {
  readonly pieces: readonly string[];
}

/** `*` is any run of characters; `\*` and `\\` are the characters themselves. */
export function parseWildcard(text: string): Wildcard {
  const pieces = [""];
  for (let at = 0; at < text.length; at++) {
    let character = text.charAt(at);
    if (character === "*") {
      if (text.charAt(at + 1) === "*")
        throw new PatternProblem(`Consecutive wildcard characters at pos ${at + 1}`);
      pieces.push("");
      continue;
    }
    if (character === "\\") {
      const next = text.charAt(at + 1);
      if (next !== "*" && next !== "\\")
        throw new PatternProblem(`Invalid escape character at pos ${at + 1}`);
      character = next;
      at++;
    }
    pieces[pieces.length - 1] += character;
  }
  return { pieces };
}

export function wildcardMatches({ pieces }: Wildcard, text: string): boolean {
  const [first = "", ...rest] = pieces;
  const last = rest.pop();
  if (last === undefined) return text === first;
  if (text.length < first.length + last.length) return false;
  if (!text.startsWith(first) || !text.endsWith(last)) return false;
  const end = text.length - last.length;
  let at = first.length;
  for (const piece of rest) {
    const found = text.indexOf(piece, at);
    if (found < 0 || found + piece.length > end) return false;
    at = found + piece.length;
  }
  return true;
}

/**
 * AWS refuses patterns that keep too many ways to match alive at once, and does not publish the limit. This
 * one lies between what it accepts (one star before `/dir/dir/dir/dir/dir/doc.txt`) and what it refuses
 * (`*:*:*:*:*:event-bus/` and a last star); both are recorded.
 */
const MOST_AT_ONCE = 10;
const MOST_STATES_LOOKED_AT = 5_000;

export function refuseComplex(wildcards: readonly Wildcard[]): void {
  const automata = wildcards.filter(({ pieces }) => pieces.length > 1).map(({ pieces }) => steps(pieces));
  if (automata.some((automaton) => waysAtOnce(automaton) > MOST_AT_ONCE)) {
    throw new PatternProblem(
      "Rule is too complex - try using fewer wildcard characters or fewer repeating character sequences after a wildcard character",
    );
  }
}

/** A pattern as single steps; undefined is a star. State n has the first n steps behind it. */
type Automaton = readonly (string | undefined)[];

function steps(pieces: readonly string[]): Automaton {
  return pieces.flatMap((piece, index) => (index === 0 ? [...piece] : [undefined, ...piece]));
}

/** The most transitions that any one input character can take at the same time. */
function waysAtOnce(automaton: Automaton): number {
  const alphabet = new Set(automaton);
  const seen = new Set<string>();
  const open: (readonly number[])[] = [[0]];
  let most = 0;
  while (seen.size < MOST_STATES_LOOKED_AT) {
    const states = open.pop();
    if (states === undefined) break;
    for (const character of alphabet) {
      const taken = states.flatMap((state) => transitions(automaton, state, character));
      most = Math.max(most, taken.length);
      const reached = [...new Set(taken)].sort((a, b) => a - b);
      const key = reached.join();
      if (reached.length === 0 || seen.has(key)) continue;
      seen.add(key);
      open.push(reached);
    }
  }
  return most;
}

/** Where `character` leads from `state`; undefined is any character that the pattern does not name. */
function transitions(automaton: Automaton, state: number, character: string | undefined): number[] {
  const star = state < automaton.length && automaton[state] === undefined;
  const literal = star ? state + 1 : state;
  const advances = character !== undefined && automaton[literal] === character;
  return [...(star ? [state] : []), ...(advances ? [literal + 1] : [])];
}
