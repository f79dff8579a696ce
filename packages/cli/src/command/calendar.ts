import { basename } from "node:path";
import type { CalendarChange, SpanRequest } from "@gonogo/client";
import type { Instant } from "@gonogo/core/kit/instant";
import type { Command } from "commander";
import { quoted } from "../input/quote.ts";
import { readTextFile } from "../input/text-file.ts";
import { collected, moment, words } from "../input/values.ts";
import { once, run, type Session } from "../session.ts";
import { calendarLines } from "../show/calendar.ts";
import { KEY_OPTION } from "./key.ts";

/** `gonogo calendar …`: when nothing may be shifted, and when maintenance is done. */
export function addCalendarCommands(program: Command): void {
  const calendar = program
    .command("calendar")
    .description("freezes, in which nothing starts or shifts, and maintenance windows");
  addShow(calendar);
  addDeclare(calendar, "freeze");
  addDeclare(calendar, "window");
  addThaw(calendar);
  addRules(calendar);
  addImport(calendar);
  addForget(calendar);
}

interface Between {
  readonly from?: Instant;
  readonly to?: Instant;
}

function addShow(calendar: Command): void {
  calendar
    .command("show")
    .description("what is in the calendar; without options, the next 90 days")
    .option("--from <when>", "from this moment, in UTC", moment)
    .option("--to <when>", "up to this moment, in UTC", moment)
    .option("--ics", "as iCalendar text, for a calendar program")
    .addHelpText("after", "\nExamples:\n  gonogo calendar show\n  gonogo calendar show --ics > gonogo.ics")
    .action(async ({ ics, ...between }: Between & { ics?: true }, self: Command) =>
      run(self, async ({ api, terminal }) => {
        if (ics === true) {
          terminal.raw(await terminal.during("reading the calendar", api.calendarText({ ...between })));
          return undefined;
        }
        const view = await terminal.during("reading the calendar", api.calendar({ ...between }));
        terminal.value(view);
        terminal.say(calendarLines(view, terminal.paint, { columns: terminal.columns }));
        terminal.next('gonogo calendar freeze "NAME" --for "4 h" --reason "WHY"');
        return undefined;
      }),
    );
}

interface DeclareOptions extends Between {
  readonly for?: string;
  readonly environment?: readonly string[];
  readonly component?: readonly string[];
  readonly incident?: string;
  readonly reason: string;
  readonly key?: string;
}

function addDeclare(calendar: Command, kind: "freeze" | "window"): void {
  const what =
    kind === "freeze"
      ? "declare a freeze: from that moment nothing in its scope starts or shifts; a rollback is never held"
      : "declare a maintenance window; one that comes sooner than the calendar's notice says so";
  calendar
    .command(kind)
    .description(what)
    .argument("<name>", "what it is for", words)
    .option("--from <when>", "from this moment, in UTC; unset: at once", moment)
    .option("--to <when>", "up to this moment, in UTC", moment)
    .option("--for <length>", "or for so long, such as 4 h", words)
    .option("--environment <name>", "only in this environment; may be given again", collected(words))
    .option("--component <name>", "only this component; may be given again", collected(words))
    .option("--incident <id>", "the incident that it is for", words)
    .requiredOption("--reason <words>", "why; it is kept in the log", words)
    .option(...KEY_OPTION)
    .addHelpText(
      "after",
      `\nExample:\n  gonogo calendar ${kind} "Black Friday" --from "2026-11-27" --for "3 days" --reason "the trade's busiest days"`,
    )
    .action(async (name: string, options: DeclareOptions, self: Command) =>
      run(self, async (session) => {
        // One by one: among the options are those of every command, --json and --no-color.
        const { key, environment, component, reason, incident, from, to, for: length } = options;
        const span: SpanRequest = {
          name,
          reason,
          ...(from === undefined ? {} : { from }),
          ...(to === undefined ? {} : { to }),
          ...(length === undefined ? {} : { for: length }),
          ...(incident === undefined ? {} : { incident }),
          ...(environment === undefined ? {} : { environments: environment }),
          ...(component === undefined ? {} : { components: component }),
        };
        const asked = (used: string) => session.api.declare(kind, span, used);
        return await changed(session, key, asked, ({ id, shortNotice }) => {
          const soon = shortNotice === true ? ", with less notice than the calendar asks for" : "";
          return `${kind} "${name}" is declared as ${id ?? "before"}${soon}`;
        });
      }),
    );
}

interface Changing {
  readonly reason: string;
  readonly key?: string;
}

function changing(calendar: Command, name: string, description: string, example: string): Command {
  return calendar
    .command(name)
    .description(description)
    .requiredOption("--reason <words>", "why; it is kept in the log", words)
    .option(...KEY_OPTION)
    .addHelpText("after", `\nExample:\n  ${example}`);
}

function addThaw(calendar: Command): void {
  changing(
    calendar,
    "thaw",
    "lift a freeze or a window that was declared, before its end",
    'gonogo calendar thaw freeze-3 --reason "the incident is over"',
  )
    .argument("<id>", "such as freeze-3; `calendar show` names it", words)
    .action(async (id: string, { reason, key }: Changing, self: Command) =>
      run(self, async (session) => {
        const kind = id.startsWith("window-") ? "window" : "freeze";
        const asked = (used: string) => session.api.lift(kind, id, reason, used);
        return await changed(session, key, asked, () => `${id} is lifted`);
      }),
    );
}

function addRules(calendar: Command): void {
  calendar
    .command("rules")
    .description("the rules of what comes again, in YAML; with a file, sets them")
    .argument("[file]", "a YAML file; - is stdin")
    .option("--reason <words>", "why, when they are set", words)
    .option(...KEY_OPTION)
    .addHelpText(
      "after",
      `
Examples:
  gonogo calendar rules > calendar.yaml
  gonogo calendar rules calendar.yaml --reason "maintenance moves to Wednesdays"

In the file:
  calendar: 1
  zone: Europe/Berlin
  freezes:
    - { name: Christmas, dates: 12-24..12-26 }
  windows:
    - { name: Monthly maintenance, every: first Tuesday, from: "02:00", to: "04:00", zone: UTC }`,
    )
    .action(async (path: string | undefined, { reason = "", key }: Partial<Changing>, self: Command) =>
      run(self, async (session) => {
        const { api, terminal } = session;
        if (path === undefined) {
          const text = await terminal.during("reading the rules", api.calendarRules());
          terminal.value({ rules: text });
          if (!terminal.json) terminal.raw(text);
          return undefined;
        }
        const { text, name } = await readTextFile(path);
        const asked = (used: string) => api.setCalendarRules({ text, file: name, reason }, used);
        return await changed(session, key, asked, () => `the rules are those of ${name}`);
      }),
    );
}

function addImport(calendar: Command): void {
  changing(
    calendar,
    "import",
    "take freezes or windows from an iCalendar file, or from a feed that is fetched every hour",
    'gonogo calendar import fair.ics --kind freeze --reason "the trade fair"',
  )
    .argument("<source>", "a file, -, or an https address", words)
    .requiredOption("--kind <kind>", "freeze or window", words)
    .option("--name <name>", "what it is called; unset: the file's name", words)
    .option("--environment <name>", "only in this environment; may be given again", collected(words))
    .option("--component <name>", "only this component; may be given again", collected(words))
    .action(
      async (
        source: string,
        options: Changing & { kind: "freeze" | "window"; name?: string } & Pick<
            DeclareOptions,
            "environment" | "component"
          >,
        self: Command,
      ) =>
        run(self, async (session) => {
          const { key, kind, reason, environment, component } = options;
          const isFeed = /^https?:\/\//i.test(source);
          const content = isFeed ? { url: source } : { text: (await readTextFile(source)).text };
          const name = options.name ?? nameOf(source, isFeed);
          const request = {
            kind,
            reason,
            ...content,
            ...(environment === undefined ? {} : { environments: environment }),
            ...(component === undefined ? {} : { components: component }),
          };
          const asked = (used: string) => session.api.importCalendar(name, request, used);
          return await changed(session, key, asked, () => `calendar ${name} is taken in`);
        }),
    );
}

/** A feed's address may be secret, so that only its host gives the name. */
function nameOf(source: string, isFeed: boolean): string {
  const base = isFeed ? (URL.parse(source)?.hostname ?? "feed") : basename(source).replace(/\.\w+$/, "");
  return (
    base
      .toLowerCase()
      .replace(/[^a-z0-9]+/g, "-")
      .replace(/^-|-$/g, "")
      .slice(0, 40) || "calendar"
  );
}

function addForget(calendar: Command): void {
  changing(
    calendar,
    "forget",
    "take an imported calendar out again",
    'gonogo calendar forget fair --reason "it is over"',
  )
    .argument("<name>", "as `calendar show` names it", words)
    .action(async (name: string, { reason, key }: Changing, self: Command) =>
      run(self, async (session) => {
        const asked = (used: string) => session.api.removeImport(name, reason, used);
        return await changed(session, key, asked, () => `calendar ${name} is forgotten`);
      }),
    );
}

async function changed(
  session: Session,
  key: string | undefined,
  asked: (key: string) => Promise<CalendarChange>,
  done: (result: CalendarChange) => string,
): Promise<undefined> {
  const { terminal } = session;
  const result = await once(key, (used) => terminal.during("asking", asked(used)));
  terminal.value(result);
  const told = result.told.length === 0 ? "" : `; told: ${result.told.map(quoted).join(", ")}`;
  terminal.say(`${done(result)} (record ${result.seq})${told}`);
  for (const note of result.notes ?? []) terminal.note(note);
  terminal.next("gonogo calendar show");
  return undefined;
}
