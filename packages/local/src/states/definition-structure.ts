import validate from "asl-validator";
import { expressionIn } from "./query.ts";

/** One thing that is wrong with a definition. `location` is a JSON pointer: `/States/Ask/Arguments`. */
export interface Problem {
  readonly code: string;
  readonly message: string;
  readonly location: string;
}

type Fields = Readonly<Record<string, unknown>>;

const MOST_KNOWN = 500;
const known = new Map<string, readonly Problem[]>();

/**
 * What asl-validator finds: transitions to nowhere, no end, fields that are missing or of the wrong type.
 * It builds its schemas anew each time, which takes longer than a simulated release: what it said of a
 * structure is remembered.
 */
export function structureProblems(definition: Fields): readonly Problem[] {
  const bones = JSON.stringify(skeleton(definition));
  const before = known.get(bones);
  if (before !== undefined) return before;
  // It writes into what it is given.
  const { errors } = validate(JSON.parse(bones) as object, { checkPaths: true, checkArn: false });
  const found = errors.map((error): Problem => {
    if (!("Error code" in error)) {
      return problem(
        "SCHEMA_VALIDATION_FAILED",
        error.message ?? "does not fit the schema",
        error.instancePath,
      );
    }
    return problem(error["Error code"], error.Message, error.schemaError?.instancePath);
  });
  if (known.size >= MOST_KNOWN) known.clear();
  known.set(bones, found);
  return found;
}

function problem(code: string, message: string, location: string | undefined): Problem {
  return { code, message, location: location || "/" };
}

/**
 * A definition without what its templates say: states, transitions, numbers. asl-validator refuses
 * templates that Step Functions takes: an Output that is a string or a number, an expression over several
 * lines. The templates themselves are checked by definition-check.ts.
 */
function skeleton(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(skeleton);
  if (typeof value === "string") return expressionIn(value) === undefined ? value : "{% true %}";
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, field]) => {
      if (TEMPLATES.includes(name)) return [name, {}];
      if (name === "Items" && Array.isArray(field)) return [name, "{% true %}"];
      return [name, name === "States" ? states(field) : skeleton(field)];
    }),
  );
}

const TEMPLATES = ["Output", "Arguments", "Assign", "ItemSelector"];

/** A state may have the name of a field. */
function states(value: unknown): unknown {
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, state]) => [name, skeleton(state)]));
}
