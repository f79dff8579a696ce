import type { AwsError } from "../../kernel/wire.ts";
import { invalid } from "../attribute.ts";
import { RESERVED } from "./reserved.ts";
import { type Token, tokensOf } from "./tokens.ts";

/** A place in an item: names (`#x` stands for another name) and list positions. */
export type Path = readonly (string | number)[];

/** What an expression mentions, so that placeholders that nobody uses can be refused. */
export interface Mentions {
  readonly aliases: ReadonlySet<string>;
  readonly values: ReadonlySet<string>;
}

export type ExpressionKind =
  | "ConditionExpression"
  | "FilterExpression"
  | "KeyConditionExpression"
  | "ProjectionExpression"
  | "UpdateExpression";

/** Goes through an expression from left to right; every complaint is in AWS's words. */
export class Reader {
  readonly kind: ExpressionKind;
  readonly aliases = new Set<string>();
  readonly values = new Set<string>();
  readonly #text: string;
  readonly #tokens: readonly Token[];
  #at = 0;

  constructor(kind: ExpressionKind, text: string) {
    this.kind = kind;
    this.#text = text;
    if (text.trim() === "") throw invalid(`Invalid ${kind}: The expression can not be empty;`);
    const tokens = tokensOf(text);
    if (!Array.isArray(tokens)) throw this.#syntax(tokens.unknown, tokens.at);
    this.#tokens = tokens;
  }

  get token(): Token {
    const token = this.#tokens[Math.min(this.#at, this.#tokens.length - 1)];
    if (token === undefined) throw this.#syntax("<EOF>", this.#text.length);
    return token;
  }

  get following(): Token | undefined {
    return this.#tokens[this.#at + 1];
  }

  take(): Token {
    const { token } = this;
    this.#at += 1;
    return token;
  }

  /** Takes the keyword or symbol if it comes next. */
  takes(text: string): boolean {
    if (!this.sees(text)) return false;
    this.#at += 1;
    return true;
  }

  sees(text: string): boolean {
    const { kind, text: found } = this.token;
    return kind === "symbol" ? found === text : kind === "name" && found.toUpperCase() === text;
  }

  expect(text: string): void {
    if (!this.takes(text)) throw this.unexpected();
  }

  end(): Mentions {
    if (this.token.kind !== "end") throw this.unexpected();
    return { aliases: this.aliases, values: this.values };
  }

  unexpected(): AwsError {
    return this.#syntax(this.token.text, this.token.at);
  }

  problem(message: string): AwsError {
    return invalid(`Invalid ${this.kind}: ${message}`);
  }

  value(): string {
    const token = this.take();
    if (token.kind !== "value") throw this.#syntax(token.text, token.at);
    this.values.add(token.text);
    return token.text;
  }

  path(): Path {
    const path: (string | number)[] = [this.#name()];
    for (;;) {
      if (this.takes(".")) path.push(this.#name());
      else if (this.takes("[")) {
        const token = this.take();
        if (token.kind !== "index") throw this.#syntax(token.text, token.at);
        path.push(Number(token.text));
        this.expect("]");
      } else return path;
    }
  }

  #name(): string {
    const token = this.take();
    if (token.kind === "alias") this.aliases.add(token.text);
    else if (token.kind !== "name") throw this.#syntax(token.text, token.at);
    else if (RESERVED.has(token.text.toUpperCase())) {
      throw this.problem(`Attribute name is a reserved keyword; reserved keyword: ${token.text}`);
    }
    return token.text;
  }

  #syntax(token: string, at: number): AwsError {
    const near = this.#text.slice(Math.max(0, at - 8), at + token.length + 8).trim();
    return invalid(`Invalid ${this.kind}: Syntax error; token: "${token}", near: "${near}"`);
  }
}
