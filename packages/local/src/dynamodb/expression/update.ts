import { type Mentions, type Path, Reader } from "./reader.ts";

export type Source =
  | { readonly kind: "path"; readonly path: Path }
  | { readonly kind: "value"; readonly value: string }
  | { readonly kind: "plus" | "minus"; readonly left: Source; readonly right: Source }
  | { readonly kind: "if-not-exists"; readonly path: Path; readonly otherwise: Source }
  | { readonly kind: "append"; readonly left: Source; readonly right: Source };

export type Action =
  | { readonly kind: "set"; readonly path: Path; readonly source: Source }
  | { readonly kind: "remove"; readonly path: Path }
  | { readonly kind: "add" | "delete"; readonly path: Path; readonly value: string };

export interface ParsedUpdate {
  readonly actions: readonly Action[];
  readonly mentions: Mentions;
}

const CLAUSES = ["SET", "REMOVE", "ADD", "DELETE"] as const;

/** https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Expressions.UpdateExpressions.html */
export function parseUpdate(text: string): ParsedUpdate {
  const reader = new Reader("UpdateExpression", text);
  const actions: Action[] = [];
  const seen = new Set<string>();
  while (reader.token.kind !== "end") {
    const clause = CLAUSES.find((word) => reader.takes(word));
    if (clause === undefined) throw reader.unexpected();
    if (seen.has(clause)) {
      throw reader.problem(`The "${clause}" section can only be used once in an update expression;`);
    }
    seen.add(clause);
    do actions.push(action(reader, clause));
    while (reader.takes(","));
  }
  return { actions, mentions: reader.end() };
}

function action(reader: Reader, clause: (typeof CLAUSES)[number]): Action {
  const path = reader.path();
  switch (clause) {
    case "SET":
      reader.expect("=");
      return { kind: "set", path, source: sum(reader) };
    case "REMOVE":
      return { kind: "remove", path };
    case "ADD":
      return { kind: "add", path, value: reader.value() };
    case "DELETE":
      return { kind: "delete", path, value: reader.value() };
  }
}

function sum(reader: Reader): Source {
  const left = source(reader);
  if (reader.takes("+")) return { kind: "plus", left, right: source(reader) };
  return reader.takes("-") ? { kind: "minus", left, right: source(reader) } : left;
}

function source(reader: Reader): Source {
  if (reader.token.kind === "value") return { kind: "value", value: reader.value() };
  if (reader.token.kind !== "name" || reader.following?.text !== "(") {
    return { kind: "path", path: reader.path() };
  }
  const name = reader.take().text;
  reader.expect("(");
  const call = called(reader, name);
  reader.expect(")");
  return call;
}

function called(reader: Reader, name: string): Source {
  if (name === "if_not_exists") {
    const path = reader.path();
    reader.expect(",");
    return { kind: "if-not-exists", path, otherwise: source(reader) };
  }
  if (name === "list_append") {
    const left = source(reader);
    reader.expect(",");
    return { kind: "append", left, right: source(reader) };
  }
  throw reader.problem(`Invalid function name; function: ${name}`);
}
