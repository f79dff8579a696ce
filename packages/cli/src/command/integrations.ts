import type { Gonogo, IntegrationView } from "@gonogo/client";
import type { Command } from "commander";
import { EXIT } from "../exit.ts";
import { words } from "../input/values.ts";
import { once, run } from "../session.ts";
import type { Paint } from "../terminal/paint.ts";
import { table } from "../terminal/table.ts";
import { stamp } from "../terminal/time.ts";
import { KEY_OPTION } from "./key.ts";

/** How often, and how long, it is asked what came of a test. */
const PAUSE_MS = 500;
const PATIENCE_MS = 60_000;

/** `gonogo integration …`: the systems whose alarms come in, the channels that messages go out to, and where copies of archives go. */
export function addIntegrationCommands(program: Command): void {
  const integration = program
    .command("integration")
    .description(
      "alarm systems, channels and where copies of archives go, and a test of each by the real way",
    );
  addList(integration);
  addTest(integration);
}

function addList(integration: Command): void {
  integration
    .command("list")
    .description("every integration: when it was seen last, and what came of its last test")
    .addHelpText("after", "\nExample:\n  gonogo integration list")
    .action(async (_: object, self: Command) =>
      run(self, async ({ api, terminal }) => {
        const page = await terminal.during("asking", api.integrations());
        terminal.value(page);
        terminal.say(table(page.items.map(row(terminal.paint)), { columns: terminal.columns }));
        terminal.next("gonogo integration test cloudwatch");
        return undefined;
      }),
    );
}

function row(paint: Paint): (item: IntegrationView) => string[] {
  return ({ name, lastSeen, testable, test, why }) => [
    name,
    lastSeen === undefined ? "never seen" : `seen ${stamp(lastSeen)}`,
    test === undefined ? (testable ? "never tested" : "") : paint(COLOURS[test.status], test.status),
    test === undefined ? (why ?? "") : `${stamp(test.askedAt)}: ${test.says}`,
  ];
}

const COLOURS = { passed: "green", failed: "red", lost: "red", waiting: "yellow" } as const;

function addTest(integration: Command): void {
  integration
    .command("test")
    .description("send a test alarm or a test message, and wait for what comes of it")
    .argument(
      "<name>",
      "as the list names it, such as cloudwatch, channel:#releases or archive:github",
      words,
    )
    .option(...KEY_OPTION)
    .addHelpText(
      "after",
      `
A test alarm comes in as a real one does, and reaches no release. A message says that it is a test.
Of where archives are copied to it is only read whether that could be done; nothing is written.
Exits with 1 unless it comes the whole way within a minute.

Examples:
  gonogo integration test cloudwatch
  gonogo integration test "channel:#releases"`,
    )
    .action(async (name: string, { key }: { key?: string }, self: Command) =>
      run(self, async ({ api, terminal, stop }) => {
        const begun = await once(key, (used) => api.testIntegration(name, used));
        const found = await terminal.during("waiting", ended(api, name, begun.test, stop.signal));
        terminal.value(found ?? begun);
        const hops = (found?.hops ?? []).map(({ hop, at }) => [hop, stamp(at)]);
        const recorded = found?.endedAt === undefined ? [] : [["recorded", stamp(found.endedAt)]];
        terminal.say([
          ...table([...hops, ...recorded]),
          `${begun.test}: ${found?.says ?? "nothing is known of it"}`,
        ]);
        terminal.next("gonogo integration list");
        return found?.status === "passed" ? EXIT.ok : EXIT.refused;
      }),
    );
}

/** The test once it is over, or as it is when patience ends. */
async function ended(api: Gonogo, name: string, test: string, signal: AbortSignal) {
  const until = Date.now() + PATIENCE_MS;
  for (;;) {
    const { items } = await api.integrations();
    const found = items.find((item) => item.name === name)?.test;
    if (found?.test !== test || found.status !== "waiting") return found;
    if (Date.now() > until || signal.aborted) return found;
    await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
  }
}
