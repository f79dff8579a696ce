import type { PersonCommand } from "@gonogo/core/release/person-commands";
import type { Exit } from "../exit.ts";
import { quoted } from "../input/quote.ts";
import { once, type Session } from "../session.ts";
import { statusStyle } from "../show/status.ts";

export interface Asked {
  readonly release: string;
  readonly command: PersonCommand;
  readonly reason?: string | undefined;
  readonly key?: string | undefined;
  /** What is then on record, in a sentence. */
  readonly done: string;
}

/** Asks something of a release and says what came of it. */
export async function ask({ api, terminal }: Session, asked: Asked): Promise<Exit | undefined> {
  const { release, command, reason, done } = asked;
  const request = { command, ...(reason === undefined ? {} : { reason }) };
  const result = await once(asked.key, (key) =>
    terminal.during("asking", api.command(release, request, key)),
  );
  terminal.value(result);
  const status = terminal.paint(statusStyle(result.status), result.status);
  terminal.say(`${result.release}: ${done}; it stands at ${status} (record ${result.seq})`);
  const follow = ["rolling-back", "running"].includes(result.status) ? "watch" : "show";
  terminal.next(`gonogo release ${follow} ${quoted(result.release)}`);
  return undefined;
}
