import { Gonogo, Unreachable } from "@gonogo/client";
import { formatProblem } from "@gonogo/core/kit/problem";
import type { Command } from "commander";
import { EXIT, type Exit } from "./exit.ts";
import { explain, Failure, neverArrived } from "./failure.ts";
import { type Settings, settingsOf } from "./globals.ts";
import { guardedFetch, uploadingFetch } from "./guarded-fetch.ts";
import { Terminal } from "./terminal/terminal.ts";

/** What a command works with: the API and the terminal. */
export interface Session {
  readonly api: Gonogo;
  readonly terminal: Terminal;
  readonly settings: Settings;
  /** Only what would come of it is asked for: nothing is recorded. */
  readonly dryRun: boolean;
  /** Breaks off whatever is being asked of the API. */
  readonly stop: AbortController;
}

/** Carries a command out, and turns how it went into an exit code. */
export async function run(
  command: Command,
  work: (session: Session) => Promise<Exit | undefined>,
): Promise<void> {
  let terminal = new Terminal({ json: jsonWished(), noColour: false, secret: process.env.GONOGO_TOKEN });
  try {
    const settings = settingsOf(command);
    const { json, noColour, token, server: base } = settings;
    terminal = new Terminal({ json, noColour, secret: token });
    const dryRun = command.opts<{ dryRun?: true }>().dryRun === true;
    const stop = new AbortController();
    const api = new Gonogo({
      base,
      headers: () => identity(settings),
      fetch: guardedFetch(stop.signal),
      upload: uploadingFetch(stop.signal),
    });
    process.exitCode = (await work({ api, terminal, settings, dryRun, stop })) ?? EXIT.ok;
  } catch (error) {
    process.exitCode = report(terminal, explain(error));
  }
}

function identity({ token, person }: Settings): Record<string, string> {
  if (token !== undefined) return { authorization: `Bearer ${token}` };
  return person === undefined ? {} : { authorization: `Demo ${person}` };
}

/** Before the line is understood, so that failing to understand it is answered in JSON too. */
export function jsonWished(argv: readonly string[] = process.argv): boolean {
  return argv.includes("--json");
}

/** Says what went wrong, on stderr in words and with --json on stdout as a value. */
export function report(terminal: Terminal, failure: Failure): Exit {
  const { code, message, exit, hint, problems } = failure;
  terminal.value({ error: { code, message, exit, hint, ...(problems.length > 0 ? { problems } : {}) } });
  terminal.note([
    ...problems.map(formatProblem),
    `${terminal.paintError("red", "error")}: ${message}`,
    ...(hint === undefined ? [] : [`       ${hint}`]),
  ]);
  return exit;
}

/**
 * Does something that must not be done twice. When the answer is lost, says how to ask again so that it is
 * still done once.
 */
export async function once<T>(key: string | undefined, ask: (key: string) => Promise<T>): Promise<T> {
  const used = key ?? crypto.randomUUID();
  try {
    return await ask(used);
  } catch (error) {
    if (!(error instanceof Unreachable) || neverArrived(error)) throw error;
    const { message, code } = explain(error);
    throw new Failure({
      code,
      exit: EXIT.unreachable,
      message: `${message}; whether it was done is not known`,
      hint: `Run the same command again with --key ${used}: then it is done once, however often it is asked.`,
    });
  }
}
