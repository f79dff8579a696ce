import { setTimeout } from "node:timers/promises";
import { ApiError, type ReleaseView, Unreachable } from "@gonogo/client";
import { hasEnded, type Status } from "@gonogo/core/release/state";
import type { Command } from "commander";
import { EXIT, type Exit } from "../exit.ts";
import { explain } from "../failure.ts";
import { quoted } from "../input/quote.ts";
import { length } from "../input/values.ts";
import { run, type Session } from "../session.ts";
import { statusStyle } from "../show/status.ts";
import type { Terminal } from "../terminal/terminal.ts";
import { expectOption } from "./expect.ts";
import { type Screen, screenFor } from "./screen.ts";

interface Options {
  readonly expect?: Status;
  /** Milliseconds. */
  readonly every: number;
  /** Milliseconds. */
  readonly patience: number;
}

/** `gonogo release watch`: follows a release to its end. It only looks; stopping it changes nothing. */
export function addWatchCommand(release: Command): void {
  release
    .command("watch")
    .description("follow a release until it ends: phases, windows, and who is waited for")
    .argument("<release>", "its id, such as REL-2025-06-04")
    .addOption(expectOption())
    .option("--every <duration>", "how often to look (default: 1 s)", length, 1000)
    .option("--patience <duration>", "how long to go on without an answer (default: 5 min)", length, 300_000)
    .addHelpText(
      "after",
      `
Examples:
  gonogo release watch REL-2025-06-04
  gonogo release watch REL-2025-06-04 --expect rolled-back && echo "the drill went well"`,
    )
    .action(async (id: string, options: Options, command: Command) =>
      run(command, async (session): Promise<Exit> => {
        const { terminal, stop } = session;
        const screen = screenFor(terminal);
        process.on("SIGINT", () => stop.abort());
        try {
          const view = await follow(session, id, options, screen);
          terminal.value(view ?? null);
          return stop.signal.aborted ? leave(terminal, id, view) : ended(terminal, view, options.expect);
        } finally {
          screen.close();
        }
      }),
    );
}

/** The release as it was last seen: ended, or at the moment of Ctrl-C. */
async function follow(
  { api, stop: { signal } }: Session,
  id: string,
  { every, patience }: Options,
  screen: Screen,
): Promise<ReleaseView | undefined> {
  let seen: { view: ReleaseView; etag: string } | undefined;
  let answered = Date.now();
  for (let look = 0; !signal.aborted; look++) {
    try {
      // A picture with countdowns is drawn anew now and then, though nothing else has changed.
      const etag = screen.counts && look % 5 === 0 ? undefined : seen?.etag || undefined;
      const news = await api.releaseSince(id, etag);
      answered = Date.now();
      if (news === undefined) screen.quiet();
      else {
        seen = news;
        screen.show(news.view);
        if (hasEnded(news.view.status)) break;
      }
    } catch (error) {
      if (signal.aborted) break;
      // What was wrong from the first is a mistake; later it may be a server that starts anew.
      if (seen === undefined || !mayPass(error) || Date.now() - answered > patience) throw error;
      screen.trouble(explain(error).message);
    }
    await setTimeout(Math.max(100, every), undefined, { signal }).catch(() => {});
  }
  return seen?.view;
}

function mayPass(error: unknown): boolean {
  if (error instanceof ApiError) return error.problem.status === 429 || error.problem.status >= 500;
  return error instanceof Unreachable;
}

function leave(terminal: Terminal, id: string, view: ReleaseView | undefined): Exit {
  const status = view === undefined ? "" : `; it stands at ${view.status}`;
  terminal.note(`Stopped watching. ${id} goes on by itself${status}.`);
  terminal.next(`gonogo release watch ${quoted(id)}`, `gonogo release pause ${quoted(id)} --reason "WHY"`);
  return EXIT.interrupted;
}

function ended(terminal: Terminal, view: ReleaseView | undefined, expected: Status = "completed"): Exit {
  if (view === undefined) return EXIT.refused;
  const met = view.status === expected;
  const wanted = met ? "" : `, not ${expected}`;
  terminal.note(
    terminal.paintError(statusStyle(view.status), `${view.id} has ended: ${view.status}${wanted}`),
  );
  for (const left of view.rollback?.left ?? []) terminal.note(`left to put back: ${left}`);
  terminal.next(
    `gonogo audit log ${quoted(view.id)}`,
    `gonogo release export ${quoted(view.id)} --out release-${view.id}`,
  );
  return met ? EXIT.ok : EXIT.endedOtherwise;
}
