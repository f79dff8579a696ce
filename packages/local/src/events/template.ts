import { InvalidInput } from "../kernel/attempts.ts";

/** A piece of an input template. */
type Piece =
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "variable"; readonly name: string; readonly quoted: boolean };

/**
 * An input template, cut at its placeholders.
 *
 * How values are put in was recorded on AWS: outside quotes as JSON, and `""` where the path led nowhere;
 * inside quotes as text. In a template that is one string, objects and lists inside lose their quotes
 * (`{acc_id:1}`); in a template that is an object they keep them, and the outcome is then not JSON.
 */
export interface Template {
  readonly pieces: readonly Piece[];
  /** Whether the whole template is one JSON string. */
  readonly string: boolean;
}

export function parseTemplate(text: string): Template {
  const pieces: Piece[] = [];
  let plain = "";
  let quoted = false;
  for (let at = 0; at < text.length; at++) {
    const character = text.charAt(at);
    const name = character === "<" ? /^<([^<>"\s]+)>/.exec(text.slice(at))?.[1] : undefined;
    if (name !== undefined) {
      pieces.push({ kind: "text", text: plain }, { kind: "variable", name, quoted });
      plain = "";
      at += name.length + 1;
      continue;
    }
    if (character === '"') quoted = !quoted;
    plain += character;
    if (character === "\\" && quoted) plain += text.charAt(++at);
  }
  pieces.push({ kind: "text", text: plain });
  return { pieces, string: text.trimStart().startsWith('"') };
}

export function variablesOf(template: Template): string[] {
  return template.pieces.flatMap((piece) => (piece.kind === "variable" ? [piece.name] : []));
}

/** The template with its variables put in, as the JSON value that it must then be. */
export function fillTemplate(template: Template, read: (name: string) => unknown): unknown {
  const filled = template.pieces
    .map((piece) =>
      piece.kind === "text" ? piece.text : put(piece.quoted, template.string, read(piece.name)),
    )
    .join("");
  try {
    return JSON.parse(filled);
  } catch (error) {
    throw new InvalidInput(`the input template does not make JSON: ${String(error)}`);
  }
}

/** Whether the template can make JSON at all: every variable taken for a plain word. */
export function isWellFormed(template: Template): boolean {
  try {
    fillTemplate(template, () => "x");
    return true;
  } catch {
    return false;
  }
}

function put(quoted: boolean, stringTemplate: boolean, value: unknown): string {
  if (!quoted) return JSON.stringify(value === undefined ? "" : value);
  if (value === undefined || value === null) return "";
  if (typeof value === "string") return JSON.stringify(value).slice(1, -1);
  const json = JSON.stringify(value);
  return stringTemplate ? json.replaceAll('"', "") : json;
}
