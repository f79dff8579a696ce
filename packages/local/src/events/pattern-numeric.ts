import type { Scalar } from "./fields.ts";
import { PatternProblem } from "./pattern-problem.ts";

type NumberTest = (number: number) => boolean;

/** `["=", 5]`, `["<", 10]`, `[">", 0, "<=", 5]`: one bound, or a lower and then an upper one. */
export function parseNumeric(operand: unknown): (value: Scalar) => boolean {
  if (!Array.isArray(operand)) throw new PatternProblem("Value of numeric must be an array.");
  const [operator, bound, upperOperator, upperBound, ...more]: unknown[] = operand;
  if (typeof operator !== "string") {
    throw new PatternProblem(
      `Invalid member in numeric match: ${operand.length === 0 ? "]" : String(operator)}`,
    );
  }
  const first = compare(operator, bound);
  if (operand.length <= 2) return onNumbers(first);
  if (operator !== ">" && operator !== ">=") {
    throw new PatternProblem("Too many elements in numeric expression");
  }
  if (typeof upperOperator !== "string") {
    throw new PatternProblem(`Bad value in numeric range: ${String(upperOperator)}`);
  }
  if (upperOperator !== "<" && upperOperator !== "<=") {
    throw new PatternProblem(`Bad numeric range operator: ${upperOperator}`);
  }
  const second = compare(upperOperator, upperBound);
  if (more.length > 0) throw new PatternProblem("Too many terms in numeric range expression");
  if (Number(bound) >= Number(upperBound)) throw new PatternProblem("Bottom must be less than top");
  return onNumbers((number) => first(number) && second(number));
}

function compare(operator: string, bound: unknown): NumberTest {
  const name = operator === "=" ? "equals" : operator;
  const number = (): number => {
    if (typeof bound !== "number") throw new PatternProblem(`Value of ${name} must be numeric`);
    return bound;
  };
  switch (operator) {
    case "=": {
      const wanted = number();
      return (value) => value === wanted;
    }
    case "<": {
      const top = number();
      return (value) => value < top;
    }
    case "<=": {
      const top = number();
      return (value) => value <= top;
    }
    case ">": {
      const bottom = number();
      return (value) => value > bottom;
    }
    case ">=": {
      const bottom = number();
      return (value) => value >= bottom;
    }
    default:
      throw new PatternProblem(`Unrecognized numeric range operator: ${operator}`);
  }
}

function onNumbers(test: NumberTest): (value: Scalar) => boolean {
  return (value) => typeof value === "number" && test(value);
}
