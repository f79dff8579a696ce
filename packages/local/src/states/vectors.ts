import { existsSync, readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

/** Histories that AWS has recorded, where they lie beside the project. Read by the conformance test only. */
export const VECTORS = fileURLToPath(
  new URL("../../../../../shared/vectors/stepfunctions/", import.meta.url),
);
export const hasVectors = existsSync(VECTORS);

type Fields = Record<string, unknown>;

export interface RecordedEvent extends Fields {
  readonly id: number | readonly number[];
  readonly previousEventId: number;
  readonly type: string;
}

export interface Recording {
  /** The test that was recorded, and which of its histories. */
  readonly name: string;
  /** What stands in the brackets of the test's name: often the name of its definition. */
  readonly variant: string;
  readonly events: readonly RecordedEvent[];
}

export function recordings(): Recording[] {
  const folder = `${VECTORS}recorded/`;
  const found: Recording[] = [];
  for (const file of readdirSync(folder).sort()) {
    const entries = JSON.parse(readFileSync(folder + file, "utf8")) as Record<string, Fields>;
    for (const [key, entry] of Object.entries(entries)) {
      const test = `${file.replace(".snapshot.json", "")} ${key.split("::").at(-1) ?? key}`;
      for (const [part, content] of Object.entries(entry["recorded-content"] as Record<string, Fields>)) {
        if (!Array.isArray(content?.events)) continue;
        const name = part === "get_execution_history" ? test : `${test} ${part}`;
        found.push({ name, variant: /\[(.*)\]$/.exec(test)?.[1] ?? "", events: content.events });
      }
    }
  }
  return found;
}

/** The definition of this name, in the folder that is asked for or in whichever it lies. */
export function definition(name: string, folder?: string): Fields | undefined {
  const folders = readdirSync(`${VECTORS}definitions`).filter((each) => (folder ?? each) === each);
  for (const folder of folders) {
    const file = `${VECTORS}definitions/${folder}/${name.toLowerCase()}.json5`;
    if (existsSync(file)) return JSON.parse(plainJson(readFileSync(file, "utf8"))) as Fields;
  }
  return undefined;
}

/** JSON5 as it is used there: comments and trailing commas. */
function plainJson(text: string): string {
  return text
    .replace(/("(?:[^"\\]|\\.)*")|\/\/[^\n]*/g, (_, string: string | undefined) => string ?? "")
    .replace(/("(?:[^"\\]|\\.)*")|,(?=\s*[}\]])/g, (_, string: string | undefined) => string ?? "");
}

/** A JSONPath definition in JSONata, for the plain cases; throws, naming what is not plain. */
export function inJsonata(machine: Fields): Fields {
  const { QueryLanguage: whole, ...rest } = machine;
  const states = Object.entries(rest.States as Record<string, Fields>).map(([name, state]) => {
    const { QueryLanguage: own, ...fields } = state;
    return [name, (own ?? whole) === "JSONata" ? inside(fields, inJsonataToo) : translated(fields)];
  });
  return { ...rest, QueryLanguage: "JSONata", States: Object.fromEntries(states) };
}

const inJsonataToo = (machine: Fields) => without(inJsonata({ ...machine, QueryLanguage: "JSONata" }));
const without = ({ QueryLanguage: _, ...rest }: Fields): Fields => rest;

function inside(state: Fields, convert: (machine: Fields) => Fields): Fields {
  const { ItemProcessor, Iterator, Branches } = state;
  const processor = ItemProcessor ?? Iterator;
  const { Iterator: _, ...rest } = state;
  return {
    ...rest,
    ...(processor === undefined ? {} : { ItemProcessor: convert(processor as Fields) }),
    ...(Array.isArray(Branches) ? { Branches: Branches.map(convert) } : {}),
  };
}

function translated(state: Fields): Fields {
  const made: Fields = {};
  for (const [name, value] of Object.entries(inside(state, (machine) => without(inJsonata(machine))))) {
    const path = typeof value === "string" ? value : "";
    const renamed =
      /^(Seconds|Timestamp|TimeoutSeconds|HeartbeatSeconds|MaxConcurrency|Items|Error|Cause)Path$/.exec(name);
    if (renamed?.[1] !== undefined) made[renamed[1]] = query(path);
    else if (name === "Parameters") made.Arguments = template(value);
    else if (name === "Assign") made.Assign = template(value);
    else if (name === "Result") made.Output = value;
    else if (name === "InputPath" && state.Type === "Map" && state.ItemsPath === undefined)
      made.Items = query(path);
    else if (name === "ResultPath" && state.Type === "Pass" && state.Result === undefined) {
      made.Output = `{% $merge([$states.input, {'${path.slice(2)}': $states.input}]) %}`;
    } else if (name === "Catch") made.Catch = (value as Fields[]).map(catcher);
    else if (
      [
        "InputPath",
        "OutputPath",
        "ResultPath",
        "ResultSelector",
        "ItemSelector",
        "Choices",
        "Credentials",
        "ItemReader",
      ].includes(name)
    ) {
      throw new Error(`JSONPath ${name}`);
    } else made[name] = value;
  }
  return made;
}

function catcher({ ResultPath: path, ...rest }: Fields): Fields {
  if (path === undefined) return rest;
  const field = String(path).slice(2);
  return { ...rest, Output: `{% $merge([$states.input, {'${field}': $states.errorOutput}]) %}` };
}

function template(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(template);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, item]) =>
      name.endsWith(".$") ? [name.slice(0, -2), query(String(item))] : [name, template(item)],
    ),
  );
}

function query(path: string): string {
  if (/^\$\$(\.\w+)+$/.test(path)) return `{% $states.context${path.slice(2)} %}`;
  if (/^\$(\.\w+)*$/.test(path)) return `{% $states.input${path.slice(1)} %}`;
  if (/^\$\w+(\.\w+)*$/.test(path)) return `{% ${path} %}`;
  throw new Error(`JSONPath ${path}`);
}
