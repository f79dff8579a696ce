import { plain } from "../../kit/text.ts";

/** What an `aws lambda update-alias` call in a document says, whether or not it would work. */
export interface AliasCommand {
  readonly function?: string;
  readonly alias?: string;
  /** The version that would be primary. */
  readonly functionVersion?: string;
  /** The version that would get the weight, and the weight. */
  readonly additional?: { readonly version: string; readonly weight: number };
  readonly region?: string;
  /** Why the AWS CLI would refuse it as it is written. */
  readonly refusedBecause?: string;
}

/** Finds the call in a text. Undefined when there is none, or when it was left out (`…`). */
export function readAliasCommand(text: string): AliasCommand | undefined {
  const words = shellWords(plain(text).replaceAll("`", " "));
  const start = words.findIndex((word, index) => word === "lambda" && words[index + 1] === "update-alias");
  if (start < 0) return undefined;
  const options = optionsIn(words.slice(start + 2));
  const routing = options.get("--routing-config");
  const weights = routing === undefined ? undefined : readWeights(routing);
  const named = (option: string, form: RegExp) => {
    const value = options.get(option);
    return value !== undefined && form.test(value) ? value : undefined;
  };
  const functionName = named("--function-name", /^[\w:.-]+$/)
    ?.split(":")
    .at(-1);
  const alias = named("--name", /^[\w-]+$/);
  const functionVersion = options.get("--function-version");
  const region = named("--region", /^[a-z]{2}(?:-[a-z]+)+-\d$/);
  return {
    ...(functionName === undefined ? {} : { function: functionName }),
    ...(alias === undefined ? {} : { alias }),
    ...(functionVersion === undefined ? {} : { functionVersion }),
    ...(region === undefined ? {} : { region }),
    ...weights,
  };
}

/** A version's number, out of `42`, `"42"` or `v42`; undefined for `OLD_VER` and `newest`. */
export function versionNumber(text: string | undefined): string | undefined {
  return /^v?([1-9]\d{0,9})$/.exec(text ?? "")?.[1];
}

function optionsIn(words: readonly string[]): Map<string, string> {
  const options = new Map<string, string>();
  for (const [index, word] of words.entries()) {
    const [name = "", inline] = word.split(/=(.*)/s);
    if (!name.startsWith("--")) continue;
    const next = words[index + 1];
    const value = inline ?? (next?.startsWith("--") ? undefined : next);
    if (value !== undefined) options.set(name, value);
  }
  return options;
}

/** JSON, or the CLI's shorthand `AdditionalVersionWeights={42=0.1}`, in which a colon is a mistake. */
function readWeights(routing: string): Pick<AliasCommand, "additional" | "refusedBecause"> {
  const match = /AdditionalVersionWeights"?\s*[=:]\s*\{([^={}:]*)([=:]) ?([\d.]+) ?\}/.exec(routing);
  if (match === null) return {};
  const [, version = "", sign, weight] = match;
  const isJson = routing.trimStart().startsWith("{");
  const additional = { version: version.replaceAll(/["'\s]/g, ""), weight: Number(weight) };
  if (isJson || sign === "=") return { additional };
  return {
    additional,
    refusedBecause: `its shorthand has ":" where the AWS CLI takes "=" (${version}=${weight})`,
  };
}

/** Splits as a shell would, far enough for one simple call: quotes group, a backslash ends a line. */
function shellWords(text: string): string[] {
  const found: string[] = [];
  let word = "";
  let quote = "";
  let open = false;
  for (const character of text.slice(0, 20_000)) {
    if (quote !== "") {
      if (character === quote) quote = "";
      else word += character;
    } else if (character === "'" || (character === '"' && !word.includes("{"))) {
      quote = character;
      open = true;
    } else if (/\s|\\/.test(character)) {
      if (open || word !== "") found.push(word);
      word = "";
      open = false;
    } else {
      word += character;
    }
  }
  if (open || word !== "") found.push(word);
  return found;
}
