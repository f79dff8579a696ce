import { validation } from "./errors.ts";
import type { Expression, FunctionName, Operator } from "./math.ts";

/** Values by the beginning of their period; what is missing is not there. */
export type TimeSeries = ReadonlyMap<number, number>;
export type MathValue = number | TimeSeries | readonly MathValue[];

export interface MathScope {
  /** The value of an id; throws for one that is unknown. */
  get(id: string): MathValue;
  /** All series that are metrics, for METRICS(). */
  metrics(): readonly TimeSeries[];
  /** The beginnings of all periods asked for, for FILL. */
  readonly times: readonly number[];
}

/**
 * Works an expression out. Two series meet where both have a value; what is not a number (a division by zero)
 * is missing. So an error rate without requests has no value, which is neither good nor bad.
 */
export function evaluate(expression: Expression, scope: MathScope): MathValue {
  switch (expression.kind) {
    case "number":
      return expression.value;
    case "id":
      return scope.get(expression.id);
    case "word":
      throw validation(`'${expression.word}' can only be the second argument of FILL, as REPEAT`);
    case "negate":
      return each(evaluate(expression.of, scope), (value) => -value);
    case "list":
      return expression.items.map((item) => evaluate(item, scope));
    case "binary": {
      const operate = OPERATE[expression.operator];
      return pairwise(evaluate(expression.left, scope), evaluate(expression.right, scope), operate);
    }
    case "call":
      return call(expression.name, expression.given, scope);
  }
}

/** A value as a series over `times`: a number is the same at each. */
export function asSeries(value: MathValue, times: readonly number[]): TimeSeries {
  if (typeof value === "number") {
    return new Map(Number.isFinite(value) ? times.map((at) => [at, value]) : []);
  }
  if (value instanceof Map) return value as TimeSeries;
  throw validation("An expression that is returned must give one time series, and this one gives several");
}

function call(name: FunctionName, given: readonly Expression[], scope: MathScope): MathValue {
  const [first, second, third] = given;
  const value = (argument: Expression | undefined): MathValue =>
    argument === undefined ? new Map() : evaluate(argument, scope);
  switch (name) {
    case "METRICS":
      return scope.metrics();
    case "ABS":
      return each(value(first), Math.abs);
    case "CEIL":
      return each(value(first), Math.ceil);
    case "FLOOR":
      return each(value(first), Math.floor);
    case "SUM":
      return reduce(value(first), (all) => all.reduce((sum, one) => sum + one, 0));
    case "AVG":
      return reduce(value(first), (all) => all.reduce((sum, one) => sum + one, 0) / all.length);
    case "MIN":
      return reduce(value(first), (all) => Math.min(...all));
    case "MAX":
      return reduce(value(first), (all) => Math.max(...all));
    case "FILL":
      return fill(value(first), second, scope);
    case "IF":
      return choose(value(first), value(second), value(third), scope.times);
  }
}

const truth = (holds: boolean) => (holds ? 1 : 0);

const OPERATE: Readonly<Record<Operator, (a: number, b: number) => number>> = {
  "+": (a, b) => a + b,
  "-": (a, b) => a - b,
  "*": (a, b) => a * b,
  "/": (a, b) => a / b,
  "^": (a, b) => a ** b,
  "<": (a, b) => truth(a < b),
  ">": (a, b) => truth(a > b),
  "<=": (a, b) => truth(a <= b),
  ">=": (a, b) => truth(a >= b),
  "==": (a, b) => truth(a === b),
  "!=": (a, b) => truth(a !== b),
  "&&": (a, b) => truth(a !== 0 && b !== 0),
  "||": (a, b) => truth(a !== 0 || b !== 0),
};

function isList(value: MathValue): value is readonly MathValue[] {
  return Array.isArray(value);
}

function each(value: MathValue, change: (value: number) => number): MathValue {
  if (typeof value === "number") return change(value);
  if (isList(value)) return value.map((item) => each(item, change));
  return finite([...value].map(([at, one]) => [at, change(one)]));
}

function pairwise(a: MathValue, b: MathValue, operate: (a: number, b: number) => number): MathValue {
  if (isList(a)) return a.map((item) => pairwise(item, b, operate));
  if (isList(b)) return b.map((item) => pairwise(a, item, operate));
  if (typeof a === "number") return each(b, (one) => operate(a, one));
  if (typeof b === "number") return each(a, (one) => operate(one, b));
  return finite(
    [...a].flatMap(([at, one]) => {
      const other = b.get(at);
      return other === undefined ? [] : [[at, operate(one, other)] as const];
    }),
  );
}

function finite(points: Iterable<readonly [number, number]>): TimeSeries {
  return new Map([...points].filter(([, value]) => Number.isFinite(value)));
}

/** A list is taken moment by moment, of what is there; one series becomes one number. */
function reduce(value: MathValue, take: (all: readonly number[]) => number): MathValue {
  if (typeof value === "number") return take([value]);
  if (!isList(value)) return value.size === 0 ? Number.NaN : take([...value.values()]);
  const series = value.filter((item): item is TimeSeries => item instanceof Map);
  const numbers = value.filter((item) => typeof item === "number");
  if (series.length + numbers.length !== value.length) throw validation("A list cannot hold another list");
  if (series.length === 0) return numbers.length === 0 ? Number.NaN : take(numbers);
  const times = [...new Set(series.flatMap((one) => [...one.keys()]))].sort((a, b) => a - b);
  return finite(
    times.map((at) => {
      const there = series.flatMap((one) => one.get(at) ?? []);
      return [at, take([...there, ...numbers])] as const;
    }),
  );
}

function fill(value: MathValue, filling: Expression | undefined, scope: MathScope): MathValue {
  if (typeof value === "number") return value;
  if (isList(value)) return value.map((item) => fill(item, filling, scope));
  const repeat = filling?.kind === "word" && filling.word === "REPEAT";
  const constant = filling === undefined || repeat ? Number.NaN : evaluate(filling, scope);
  const filled = new Map<number, number>();
  let last = Number.NaN;
  for (const at of scope.times) {
    const there = value.get(at);
    if (there !== undefined) last = there;
    const instead = repeat ? last : valueAt(constant, at);
    const taken = there ?? instead ?? Number.NaN;
    if (Number.isFinite(taken)) filled.set(at, taken);
  }
  return filled;
}

function choose(when: MathValue, then: MathValue, otherwise: MathValue, times: readonly number[]): MathValue {
  if (typeof when === "number") return when === 0 ? otherwise : then;
  return finite(
    [...asSeries(when, times)].flatMap(([at, holds]) => {
      const taken = valueAt(holds === 0 ? otherwise : then, at);
      return taken === undefined ? [] : [[at, taken] as const];
    }),
  );
}

function valueAt(value: MathValue, at: number): number | undefined {
  if (typeof value === "number") return value;
  if (isList(value)) throw validation("IF and FILL take one time series at a time");
  return value.get(at);
}
