import { type ColourWish, harmless, type Paint, painter, wantsColour } from "./paint.ts";

export interface TerminalOptions {
  readonly json: boolean;
  readonly noColour: boolean;
  /** Never shown, whoever repeats it. */
  readonly secret: string | undefined;
}

/** The one place where anything is written: results to stdout, all that is said about them to stderr. */
export class Terminal {
  readonly json: boolean;
  readonly paint: Paint;
  readonly paintError: Paint;
  readonly #secret: string | undefined;
  readonly #colour: { readonly out: boolean; readonly error: boolean };

  constructor(options: TerminalOptions) {
    const wish = (stream: { isTTY?: boolean }): ColourWish => ({
      tty: stream.isTTY === true,
      noColour: options.noColour,
      env: process.env,
    });
    this.json = options.json;
    this.#colour = { out: wantsColour(wish(process.stdout)), error: wantsColour(wish(process.stderr)) };
    this.paint = painter(this.#colour.out);
    this.paintError = painter(this.#colour.error);
    this.#secret = options.secret !== undefined && options.secret.length >= 8 ? options.secret : undefined;
  }

  /** The width that lines are broken to; undefined where they are not. */
  get columns(): number | undefined {
    return process.stdout.isTTY ? process.stdout.columns : undefined;
  }

  /** Results can be drawn over. */
  get live(): boolean {
    return process.stdout.isTTY === true && process.env.TERM !== "dumb" && !this.json;
  }

  /** Somebody looks on: what takes long may show that it goes on. */
  get attended(): boolean {
    return process.stderr.isTTY === true && process.env.TERM !== "dumb";
  }

  /** Results, a line each. Nothing with --json. */
  say(lines: string | readonly string[]): void {
    if (!this.json) this.#out(typeof lines === "string" ? lines : lines.join("\n"));
  }

  /** Text as it is, for a file or the next command in a pipe. */
  raw(text: string): void {
    process.stdout.write(process.stdout.isTTY ? this.#shown(text, false) : text);
  }

  /** The one JSON value of --json. Nothing without it. */
  value(value: unknown): void {
    if (this.json) process.stdout.write(`${this.#hidden(JSON.stringify(value, null, 2))}\n`);
  }

  /** What is not the result: findings, progress, failures. */
  note(lines: string | readonly string[]): void {
    const text = typeof lines === "string" ? lines : lines.join("\n");
    if (text !== "") process.stderr.write(`${this.#shown(text, this.#colour.error)}\n`);
  }

  /** The commands to type next. Scripts do not get them. */
  next(...commands: string[]): void {
    if (this.json && !this.attended) return;
    const label = commands.map((command, index) => `${index === 0 ? "Next: " : "      "}${command}`);
    this.note(label.map((line) => this.paintError("dim", line)));
  }

  /** Draws over what `rows` lines above; answers with how many lines stand there now. */
  redraw(lines: readonly string[], rows: number): number {
    const up = rows === 0 ? "" : `${ESCAPE}[${rows}A\r`;
    const shown = lines.map((line) => `${this.#shown(line, this.#colour.out)}${ESCAPE}[K\n`).join("");
    process.stdout.write(`${up}${shown}${ESCAPE}[J`);
    return lines.length;
  }

  /** Empties the terminal; answers with how many lines stand there now. */
  wipe(): number {
    process.stdout.write(`${ESCAPE}[2J${ESCAPE}[H`);
    return 0;
  }

  /** A line on stderr that is wiped out when `work` is done, where somebody looks on. */
  async during<T>(what: string, work: Promise<T>): Promise<T> {
    if (!this.attended) return await work;
    const began = Date.now();
    const timer = setInterval(() => {
      process.stderr.write(`\r${what} … ${Math.round((Date.now() - began) / 1000)} s${ESCAPE}[K`);
    }, 500);
    try {
      return await work;
    } finally {
      clearInterval(timer);
      if (Date.now() - began > 500) process.stderr.write(`\r${ESCAPE}[K`);
    }
  }

  #out(text: string): void {
    process.stdout.write(`${this.#shown(text, this.#colour.out)}\n`);
  }

  #shown(text: string, colour: boolean): string {
    return harmless(this.#hidden(text), colour);
  }

  #hidden(text: string): string {
    return this.#secret === undefined ? text : text.replaceAll(this.#secret, "[token]");
  }
}

const ESCAPE = String.fromCharCode(27);
