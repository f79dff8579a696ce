import { expressionIn } from "./query.ts";

type Fields = Readonly<Record<string, unknown>>;

/**
 * A definition without what its templates say: states, transitions, numbers. asl-validator is asked about
 * this, since it refuses templates that Step Functions takes: an Output that is a string or a number, an
 * expression over several lines. The templates themselves are checked by definition-check.ts.
 */
export function skeleton(definition: Fields): Fields {
  return bare(definition) as Fields;
}

const TEMPLATES = ["Output", "Arguments", "Assign", "ItemSelector"];

function bare(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(bare);
  if (typeof value === "string") return expressionIn(value) === undefined ? value : "{% true %}";
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, field]) => {
      if (TEMPLATES.includes(name)) return [name, {}];
      if (name === "Items" && Array.isArray(field)) return [name, "{% true %}"];
      return [name, name === "States" ? inner(field) : bare(field)];
    }),
  );
}

/** A state may have the name of a field. */
function inner(states: unknown): unknown {
  if (typeof states !== "object" || states === null) return states;
  return Object.fromEntries(Object.entries(states).map(([name, state]) => [name, bare(state)]));
}
