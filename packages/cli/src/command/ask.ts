import type { PersonCommand } from "@gonogo/core/release/person-commands";
import { EXIT, type Exit } from "../exit.ts";
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
export async function ask(session: Session, asked: Asked): Promise<Exit | undefined> {
  const { api, terminal } = session;
  const { release, command, reason, done } = asked;
  if (session.dryRun) return await foresee(session, asked);
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

/** Says what would come of it, in the words of the server that would decide it. */
async function foresee(
  { api, terminal }: Session,
  { release, command, reason }: Asked,
): Promise<Exit | undefined> {
  const request = { command, ...(reason === undefined ? {} : { reason }) };
  const foreseen = await terminal.during("asking", api.foresee(release, request));
  terminal.value(foreseen);
  if (!foreseen.ok) {
    terminal.note(`would be refused: ${foreseen.message}`);
    return EXIT.refused;
  }
  const { does, from, to, waits } = foreseen;
  terminal.say(does.length > 0 ? [...does] : foreseen.events.map((event) => `Records ${event}.`));
  if (from !== to) terminal.say(`It would go from ${from} to ${to}.`);
  for (const wait of waits.slice(0, 5)) terminal.say(`Then it waits for ${wait}`);
  terminal.note("nothing was recorded");
  return undefined;
}
