import { type Command, Option } from "commander";
import { misuse } from "./failure.ts";

/** What every command takes, wherever it stands on the line. */
export interface Settings {
  readonly server: string;
  readonly token: string | undefined;
  readonly person: string | undefined;
  readonly json: boolean;
  readonly noColour: boolean;
}

export const DEFAULT_SERVER = "http://127.0.0.1:4650";

/** Commands whose own `--as` is something else, a format; they take the person before the command's name. */
const otherAs = new WeakSet<Command>();

/** Declares the global options on a command and all below it: they may stand anywhere, and help shows them. */
export function declareGlobals(command: Command): void {
  const hasOtherAs = command.options.some(({ long }) => long === "--as");
  if (hasOtherAs) otherAs.add(command);
  for (const option of globalOptions()) {
    if (!(hasOtherAs && option.long === "--as")) command.addOption(option.helpGroup("Global options:"));
  }
  command.showHelpAfterError(`See ${pathOf(command)} --help.`);
  for (const below of command.commands) declareGlobals(below);
}

function globalOptions(): Option[] {
  return [
    new Option("--server <url>", `the API (or GONOGO_SERVER; default ${DEFAULT_SERVER})`),
    new Option(
      "--token <token>",
      "who you are; GONOGO_TOKEN is better: a command line can be read by others",
    ),
    new Option("--as <person>", "someone of the demonstration (or GONOGO_AS); servers on this machine only"),
    new Option("--json", "one JSON value on stdout, for scripts"),
    new Option("--no-color", "plain text (or NO_COLOR)"),
  ];
}

function pathOf(command: Command): string {
  return command.parent === null ? command.name() : `${pathOf(command.parent)} ${command.name()}`;
}

type Given = { server?: string; token?: string; as?: string; json?: true; color?: boolean };

/** The settings for a command: its own options before those of the commands above it, then the environment. */
export function settingsOf(
  leaf: Command,
  env: Readonly<Record<string, string | undefined>> = process.env,
): Settings {
  const given: Given = {};
  for (let command: Command | null = leaf; command !== null; command = command.parent) {
    const { as, ...rest } = command.opts<Given>();
    for (const [name, value] of Object.entries({ ...rest, ...(otherAs.has(command) ? {} : { as }) })) {
      const isNew = !Object.hasOwn(given, name) && command.getOptionValueSource(name) === "cli";
      if (isNew) Object.assign(given, { [name]: value });
    }
  }
  const filled = (text: string | undefined) =>
    text === undefined || text.trim() === "" ? undefined : text.trim();
  const server = serverOf(given.server ?? filled(env.GONOGO_SERVER) ?? DEFAULT_SERVER);
  if (given.token !== undefined && given.as !== undefined) {
    throw misuse("two-identities", "--token and --as both say who you are", "Give one of them.");
  }
  // What is on the line is stronger than the environment; there, a token is stronger than a demo identity.
  const token = given.as === undefined ? (given.token ?? filled(env.GONOGO_TOKEN)) : undefined;
  const person = given.as ?? (token === undefined ? filled(env.GONOGO_AS) : undefined);
  const settings = { server, token, person, json: given.json === true, noColour: given.color === false };
  refuseUnsafe(settings, env);
  return settings;
}

function serverOf(text: string): string {
  const hint = `Such as ${DEFAULT_SERVER} or https://gonogo.example.com.`;
  const url = URL.parse(text);
  if (url === null || (url.protocol !== "http:" && url.protocol !== "https:")) {
    throw misuse("server", `"${text}" is no address of a server`, hint);
  }
  if (url.username !== "" || url.password !== "") {
    throw misuse("server", "the server's address has a name or password in it", "Use GONOGO_TOKEN instead.");
  }
  if (url.search !== "" || url.hash !== "") {
    throw misuse("server", `the server's address ends in ${url.search}${url.hash}`, hint);
  }
  return url.href.replace(/\/+$/, "");
}

function refuseUnsafe(settings: Settings, env: Readonly<Record<string, string | undefined>>): void {
  const { server, token, person } = settings;
  // A header takes visible ASCII; the runtime's own error would repeat the token.
  if (token !== undefined && !/^[\x21-\x7e]+$/.test(token)) {
    throw misuse(
      "token",
      "the token has characters in it that no token has",
      "Copy it anew into GONOGO_TOKEN.",
    );
  }
  if (person !== undefined && !/^[\x21-\x7e]+$/.test(person)) {
    throw misuse(
      "as",
      "the person given with --as is no identifier",
      "Such as --as maya; see the server's page.",
    );
  }
  if (isLoopback(server)) return;
  if (person !== undefined) {
    const message = `--as works with a server on this machine only, and ${server} is not`;
    throw misuse("as", message, "Sign in there, and set GONOGO_TOKEN.");
  }
  if (token !== undefined && server.startsWith("http:") && env.GONOGO_INSECURE_HTTP !== "1") {
    const hint = "Use https, or set GONOGO_INSECURE_HTTP=1 where the network itself is private.";
    throw misuse("plain-http", `the token would travel to ${server} in clear text`, hint);
  }
}

export function isLoopback(server: string): boolean {
  const { hostname } = new URL(server);
  return hostname === "localhost" || hostname === "[::1]" || /^127(\.\d+){3}$/.test(hostname);
}
