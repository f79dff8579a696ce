import type { Machine } from "./asl.ts";
import {
  CATCHER,
  INNER_MACHINE,
  JSONPATH,
  MACHINE,
  RETRIER,
  type Reading,
  RULE,
  STATES,
} from "./definition-fields.ts";
import { type Problem, structureProblems } from "./definition-structure.ts";
import { integration, SUPPORTED_RESOURCES } from "./integrations.ts";
import { expressionIn } from "./query.ts";
import { queryProblem } from "./query-check.ts";

export type { Problem } from "./definition-structure.ts";

export type Checked =
  | { readonly ok: true; readonly machine: Machine }
  | { readonly ok: false; readonly problems: readonly Problem[] };

type Fields = Readonly<Record<string, unknown>>;

/** Whether the engine can run this definition exactly as it says. */
export function checkDefinition(text: string): Checked {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch (error) {
    const said = error instanceof Error ? error.message : "";
    return refused("INVALID_JSON_DESCRIPTION", `The definition is not JSON: ${said}`, "/");
  }
  if (!isFields(parsed)) return refused(SCHEMA, "The definition must be a JSON object", "/");
  const check = new Check();
  check.machine(parsed, MACHINE, "", { language: undefined, outer: [] });
  if (check.problems.length === 0) check.structure(parsed);
  if (check.problems.length > 0) return { ok: false, problems: check.problems };
  return { ok: true, machine: parsed as unknown as Machine };
}

const SCHEMA = "SCHEMA_VALIDATION_FAILED";

function refused(code: string, message: string, location: string): Checked {
  return { ok: false, problems: [{ code, message, location }] };
}

function isFields(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

interface Surroundings {
  readonly language: unknown;
  /** Variables that the machines around this one assign. */
  readonly outer: readonly string[];
}

class Check {
  readonly problems: Problem[] = [];

  /** Transitions, terminal states, required fields. */
  structure(definition: Fields): void {
    this.problems.push(...structureProblems(definition));
  }

  machine(
    machine: Fields,
    fields: Readonly<Record<string, Reading>>,
    at: string,
    around: Surroundings,
  ): void {
    const language = machine.QueryLanguage ?? around.language;
    this.#known(machine, fields, at, "a state machine");
    if (!("StartAt" in machine)) this.#add("These fields are required: [StartAt]", at);
    if (!isFields(machine.States)) {
      this.#add("These fields are required: [States]", at);
      return;
    }
    this.#unmixed(machine.States, at, around.outer);
    for (const [name, state] of Object.entries(machine.States)) {
      const here = `${at}/States/${name}`;
      // A Parallel's or Map's own assignments come after its branches have ended, so they may share names.
      const { [name]: _, ...others } = machine.States;
      const outer = [...around.outer, ...assigned(others)];
      if (isFields(state)) this.#state(state, here, { language: state.QueryLanguage ?? language, outer });
      else this.#add("A state must be a JSON object", here);
    }
  }

  #state(state: Fields, at: string, around: Surroundings): void {
    const fields = STATES[String(state.Type)];
    if (fields === undefined) {
      this.#add(`Type must be one of ${Object.keys(STATES).join(", ")}`, at);
      return;
    }
    if (around.language !== "JSONata") {
      this.#add('The engine runs "QueryLanguage": "JSONata" only; this state is JSONPath', at);
    }
    this.#known(state, fields, at, `a ${state.Type} state`);
    if (state.Type === "Task") this.#resource(state.Resource, at);
    this.#each(state.Retry, RETRIER, `${at}/Retry`, "a retrier");
    this.#each(state.Catch, CATCHER, `${at}/Catch`, "a catcher");
    this.#each(state.Choices, RULE, `${at}/Choices`, "a choice rule");
    const inner = { language: around.language, outer: around.outer };
    if (isFields(state.ItemProcessor)) this.#processor(state.ItemProcessor, `${at}/ItemProcessor`, inner);
    if (Array.isArray(state.Branches)) {
      for (const [index, branch] of state.Branches.entries()) {
        if (isFields(branch)) this.machine(branch, INNER_MACHINE, `${at}/Branches[${index}]`, inner);
      }
    }
  }

  #processor(processor: Fields, at: string, around: Surroundings): void {
    const { ProcessorConfig: config, ...machine } = processor;
    const mode = isFields(config) ? (config.Mode ?? "INLINE") : "INLINE";
    if (mode !== "INLINE") {
      this.#add(`Map runs INLINE only; the engine does not serve ${String(mode)}`, `${at}/ProcessorConfig`);
    }
    this.machine(machine, INNER_MACHINE, at, around);
  }

  #resource(resource: unknown, at: string): void {
    if (typeof resource === "string" && integration(resource) !== undefined) return;
    const served = [...SUPPORTED_RESOURCES, "a Lambda function's ARN"].join(", ");
    this.#add(
      `The engine does not serve the resource ${JSON.stringify(resource)}; it serves ${served}`,
      `${at}/Resource`,
    );
  }

  #each(list: unknown, fields: Readonly<Record<string, Reading>>, at: string, what: string): void {
    if (!Array.isArray(list)) return;
    for (const [index, item] of list.entries()) {
      if (isFields(item)) this.#known(item, fields, `${at}[${index}]`, what);
    }
  }

  /** Every field is one that the engine heeds, and every expression one that it can evaluate. */
  #known(object: Fields, fields: Readonly<Record<string, Reading>>, at: string, what: string): void {
    for (const [name, value] of Object.entries(object)) {
      const reading = Object.hasOwn(fields, name) ? fields[name] : undefined;
      if (reading === undefined) {
        const why = JSONPATH.includes(name)
          ? `The field '${name}' belongs to JSONPath; the engine runs JSONata only`
          : `The field '${name}' is not supported in ${what}; it takes ${Object.keys(fields).join(", ")}`;
        this.#add(why, `${at}/${name}`);
      } else if (reading === "template") this.#template(value, `${at}/${name}`);
      else if (reading === "variables") this.#variables(value, `${at}/${name}`);
      else if (reading === "language" && value !== "JSONata") {
        this.#add('The engine runs "QueryLanguage": "JSONata" only', `${at}/${name}`);
      }
    }
  }

  #template(value: unknown, at: string): void {
    if (typeof value === "string") {
      const expression = expressionIn(value);
      const problem = expression === undefined ? undefined : queryProblem(expression);
      if (problem !== undefined) this.#add(`The JSONata expression cannot be used: ${problem}`, at);
    } else if (Array.isArray(value)) {
      for (const [index, item] of value.entries()) this.#template(item, `${at}[${index}]`);
    } else if (isFields(value)) {
      for (const [name, item] of Object.entries(value)) this.#template(item, `${at}/${name}`);
    }
  }

  #variables(value: unknown, at: string): void {
    if (!isFields(value)) {
      this.#add("Assign must be a JSON object of variables", at);
      return;
    }
    for (const [name, template] of Object.entries(value)) {
      if (!/^[\p{L}_][\p{L}\p{N}_]{0,79}$/u.test(name) || name === "states") {
        this.#add(
          `'${name}' cannot be the name of a variable: letters, digits and _, at most 80, not 'states'`,
          at,
        );
      }
      this.#template(template, `${at}/${name}`);
    }
  }

  /** "An inner scope cannot assign a variable of an outer scope" (workflow-variables.html). */
  #unmixed(states: Fields, at: string, outer: readonly string[]): void {
    for (const name of assigned(states)) {
      if (outer.includes(name)) {
        this.#add(
          `The variable '${name}' is assigned in an outer scope and cannot be assigned here`,
          `${at}/States`,
        );
      }
    }
  }

  #add(message: string, location: string, code = SCHEMA): void {
    this.problems.push({ code, message, location: location === "" ? "/" : location });
  }
}

/** The variables that the states of one machine assign, not counting the machines inside them. */
function assigned(states: Fields): string[] {
  const names = new Set<string>();
  for (const state of Object.values(states)) {
    if (!isFields(state)) continue;
    const places = [state, ...list(state.Catch), ...list(state.Choices)];
    for (const place of places) {
      if (isFields(place) && isFields(place.Assign))
        for (const name of Object.keys(place.Assign)) names.add(name);
    }
  }
  return [...names];
}

const list = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);
