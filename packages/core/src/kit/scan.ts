import { plain } from "./text.ts";

/** What a grammar says when the text does not fit it: where (1-based column) and what it wanted. */
export interface Mismatch {
  readonly ok: false;
  readonly message: string;
  readonly column: number;
}

export type Parsed<T> = { readonly ok: true; readonly value: T } | Mismatch;

/** Reads a short text from left to right. The grammars of durations, offsets and thresholds stand on it. */
export class Scanner {
  readonly text: string;
  #at = 0;

  constructor(text: string) {
    this.text = plain(text);
  }

  get column(): number {
    return this.#at + 1;
  }

  get rest(): string {
    return this.text.slice(this.#at);
  }

  get done(): boolean {
    this.space();
    return this.#at >= this.text.length;
  }

  space(): void {
    while (this.text[this.#at] === " ") this.#at++;
  }

  /** Takes what the sticky pattern matches here, after spaces; undefined when it does not match. */
  take(pattern: RegExp): string | undefined {
    this.space();
    const found = new RegExp(pattern.source, `${pattern.flags.replace(/[gy]/g, "")}y`);
    found.lastIndex = this.#at;
    const match = found.exec(this.text);
    if (match === null || match[0] === "") return undefined;
    this.#at += match[0].length;
    return match[0];
  }

  /** Goes back to an earlier `column`. */
  back(column: number): void {
    this.#at = column - 1;
  }

  fail(message: string): Mismatch {
    this.space();
    return { ok: false, message, column: this.column };
  }
}

export function parsed<T>(value: T): Parsed<T> {
  return { ok: true, value };
}
