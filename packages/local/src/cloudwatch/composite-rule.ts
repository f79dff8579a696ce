import { parseArn } from "../kernel/arn.ts";
import type { StateValue } from "./alarm-model.ts";
import { validation } from "./errors.ts";

/** The AlarmRule of a composite alarm, read. */
export type CompositeRule =
  | { readonly kind: "constant"; readonly holds: boolean }
  | { readonly kind: "state"; readonly state: StateValue; readonly alarm: string }
  | { readonly kind: "not"; readonly of: CompositeRule }
  | { readonly kind: "and" | "or"; readonly all: readonly CompositeRule[] };

const TOKEN = /\s*(?:(\(|\))|"((?:[^"\\]|\\.)*)"|([^\s()"]+))/y;

interface Token {
  readonly kind: "mark" | "quoted" | "word";
  readonly text: string;
}

/**
 * `ALARM(a) AND (OK("b") OR NOT INSUFFICIENT_DATA(c))`; NOT binds tightest, then AND. An alarm is named by its
 * name or its ARN. AT_LEAST is refused by name.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutCompositeAlarm.html
 */
export function parseCompositeRule(text: string): CompositeRule {
  const tokens = split(text);
  let at = 0;
  const rule = either();
  if (at < tokens.length) throw problem(text, `unexpected '${tokens[at]?.text}'`);
  return rule;

  function either(): CompositeRule {
    return joined("or", "OR", both);
  }

  function both(): CompositeRule {
    return joined("and", "AND", one);
  }

  function joined(kind: "and" | "or", word: string, next: () => CompositeRule): CompositeRule {
    const first = next();
    const all = [first];
    while (isWord(word)) {
      at++;
      all.push(next());
    }
    return all.length === 1 ? first : { kind, all };
  }

  function one(): CompositeRule {
    const token = tokens[at++];
    if (token === undefined) throw problem(text, "it ends too soon");
    if (token.kind === "mark" && token.text === "(") {
      const inner = either();
      expect(")");
      return inner;
    }
    if (token.kind !== "word") throw problem(text, `unexpected '${token.text}'`);
    switch (token.text) {
      case "NOT":
        return { kind: "not", of: one() };
      case "TRUE":
      case "FALSE":
        return { kind: "constant", holds: token.text === "TRUE" };
      case "ALARM":
      case "OK":
      case "INSUFFICIENT_DATA":
        return { kind: "state", state: token.text, alarm: alarmName() };
      default:
        throw problem(
          text,
          `'${token.text}' is not one of ALARM, OK, INSUFFICIENT_DATA, TRUE, FALSE, AND, OR, NOT`,
        );
    }
  }

  function alarmName(): string {
    expect("(");
    const words: string[] = [];
    for (let next = tokens[at]; next !== undefined && next.kind !== "mark"; next = tokens[at]) {
      words.push(next.text);
      at++;
    }
    expect(")");
    const name = words.join(" ");
    if (name === "") throw problem(text, "an alarm's name is missing");
    const arn = parseArn(name);
    return arn?.service === "cloudwatch" ? arn.resource.replace(/^alarm:/, "") : name;
  }

  function isWord(word: string): boolean {
    return tokens[at]?.kind === "word" && tokens[at]?.text === word;
  }

  function expect(mark: string): void {
    const found = tokens[at++];
    if (found?.kind !== "mark" || found.text !== mark) {
      throw problem(text, `expected '${mark}', found '${found?.text ?? "the end"}'`);
    }
  }
}

function split(text: string): Token[] {
  const tokens: Token[] = [];
  const end = text.trimEnd().length;
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < end) {
    const found = TOKEN.exec(text);
    if (found === null) throw problem(text, "a quotation mark is not closed");
    const [, mark, quoted, word = ""] = found;
    if (mark !== undefined) tokens.push({ kind: "mark", text: mark });
    else if (quoted !== undefined) tokens.push({ kind: "quoted", text: quoted.replace(/\\(.)/g, "$1") });
    else tokens.push({ kind: "word", text: word });
  }
  return tokens;
}

function problem(rule: string, why: string) {
  return validation(`AlarmRule is invalid: ${why} in '${rule}'`);
}

/** The alarms that a rule names, each once. */
export function alarmsIn(rule: CompositeRule): string[] {
  switch (rule.kind) {
    case "constant":
      return [];
    case "state":
      return [rule.alarm];
    case "not":
      return alarmsIn(rule.of);
    case "and":
    case "or":
      return [...new Set(rule.all.flatMap(alarmsIn))];
  }
}

export function holds(rule: CompositeRule, stateOf: (alarm: string) => StateValue | undefined): boolean {
  switch (rule.kind) {
    case "constant":
      return rule.holds;
    case "state":
      return stateOf(rule.alarm) === rule.state;
    case "not":
      return !holds(rule.of, stateOf);
    case "and":
      return rule.all.every((each) => holds(each, stateOf));
    case "or":
      return rule.all.some((each) => holds(each, stateOf));
  }
}
