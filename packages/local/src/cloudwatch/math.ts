import { validation } from "./errors.ts";

/** A metric math expression, read. */
export type Expression =
  | { readonly kind: "number"; readonly value: number }
  | { readonly kind: "id"; readonly id: string }
  | { readonly kind: "word"; readonly word: string }
  | { readonly kind: "negate"; readonly of: Expression }
  | { readonly kind: "list"; readonly items: readonly Expression[] }
  | { readonly kind: "call"; readonly name: FunctionName; readonly given: readonly Expression[] }
  | {
      readonly kind: "binary";
      readonly operator: Operator;
      readonly left: Expression;
      readonly right: Expression;
    };

export type Operator = "+" | "-" | "*" | "/" | "^" | "<" | ">" | "<=" | ">=" | "==" | "!=" | "&&" | "||";

/** The functions the engine serves, and how many arguments each takes. */
const FUNCTIONS = {
  ABS: [1, 1],
  AVG: [1, 1],
  CEIL: [1, 1],
  FILL: [2, 2],
  FLOOR: [1, 1],
  IF: [2, 3],
  MAX: [1, 1],
  METRICS: [0, 0],
  MIN: [1, 1],
  SUM: [1, 1],
} as const;

export type FunctionName = keyof typeof FUNCTIONS;

/** From the loosest to the tightest; those of one level go from left to right. */
const LEVELS: readonly (readonly string[])[] = [
  ["||", "OR"],
  ["&&", "AND"],
  ["==", "!=", "<=", ">=", "<", ">"],
  ["+", "-"],
  ["*", "/"],
];

const TOKEN =
  /\s*(\d+(?:\.\d*)?(?:[eE][+-]?\d+)?|\.\d+|[A-Za-z_][A-Za-z0-9_]*|&&|\|\||[<>=!]=|[-+*/^<>()[\],])/y;

/**
 * Reads a metric math expression of the part that the engine serves:
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/using-metric-math.html
 * Throws ValidationException that names what it does not know.
 */
export function parseMath(text: string): Expression {
  return new Reader(text).read();
}

class Reader {
  #text: string;
  #tokens: string[];
  #at = 0;

  constructor(text: string) {
    this.#text = text;
    this.#tokens = this.#split();
  }

  read(): Expression {
    const whole = this.#level(0);
    if (this.#peek() !== undefined) throw this.#problem(`unexpected '${this.#peek()}'`);
    return whole;
  }

  #split(): string[] {
    const tokens: string[] = [];
    TOKEN.lastIndex = 0;
    const end = this.#text.trimEnd().length;
    while (TOKEN.lastIndex < end) {
      const from = TOKEN.lastIndex;
      const token = TOKEN.exec(this.#text)?.[1];
      if (token === undefined) throw this.#problem(`cannot read '${this.#text.slice(from).trim()}'`);
      tokens.push(token);
    }
    return tokens;
  }

  #level(depth: number): Expression {
    const operators = LEVELS[depth];
    if (operators === undefined) return this.#unary();
    let left = this.#level(depth + 1);
    for (let next = this.#peek(); next !== undefined && operators.includes(next); next = this.#peek()) {
      this.#at++;
      left = { kind: "binary", operator: symbol(next), left, right: this.#level(depth + 1) };
    }
    return left;
  }

  #unary(): Expression {
    if (this.#peek() !== "-") return this.#power();
    this.#at++;
    return { kind: "negate", of: this.#unary() };
  }

  #power(): Expression {
    const left = this.#primary();
    if (this.#peek() !== "^") return left;
    this.#at++;
    return { kind: "binary", operator: "^", left, right: this.#unary() };
  }

  #primary(): Expression {
    const token = this.#tokens[this.#at++];
    if (token === undefined) throw this.#problem("it ends too soon");
    if (/^[\d.]/.test(token)) return { kind: "number", value: Number(token) };
    if (token === "(") {
      const inner = this.#level(0);
      this.#expect(")");
      return inner;
    }
    if (token === "[") return { kind: "list", items: this.#items("]") };
    if (!/^[A-Za-z]/.test(token)) throw this.#problem(`unexpected '${token}'`);
    if (this.#peek() === "(") return this.#call(token);
    // An id begins with a lower-case letter; what begins otherwise is a word such as REPEAT.
    return /^[a-z]/.test(token) ? { kind: "id", id: token } : { kind: "word", word: token };
  }

  #call(name: string): Expression {
    const known = functionName(name);
    if (known === undefined) {
      throw this.#problem(
        `${name} is not supported by the embedded engine (supported: ${Object.keys(FUNCTIONS).join(", ")})`,
      );
    }
    this.#at++;
    const given = this.#items(")");
    const [least, most] = FUNCTIONS[known];
    if (given.length < least || given.length > most) {
      const wanted = least === most ? String(least) : `${least} or ${most}`;
      throw this.#problem(`${name} takes ${wanted} arguments and was given ${given.length}`);
    }
    return { kind: "call", name: known, given };
  }

  #items(end: string): Expression[] {
    const items: Expression[] = [];
    if (this.#peek() === end) {
      this.#at++;
      return items;
    }
    for (;;) {
      items.push(this.#level(0));
      if (this.#peek() !== ",") break;
      this.#at++;
    }
    this.#expect(end);
    return items;
  }

  #peek(): string | undefined {
    return this.#tokens[this.#at];
  }

  #expect(token: string): void {
    const found = this.#tokens[this.#at++];
    if (found !== token) throw this.#problem(`expected '${token}', found '${found ?? "the end"}'`);
  }

  #problem(why: string) {
    return validation(`Error in expression '${this.#text}': ${why}`);
  }
}

function functionName(name: string): FunctionName | undefined {
  return (Object.keys(FUNCTIONS) as FunctionName[]).find((each) => each === name);
}

function symbol(token: string): Operator {
  if (token === "OR") return "||";
  return token === "AND" ? "&&" : (token as Operator);
}

/** The ids that an expression names. */
export function idsIn(expression: Expression): string[] {
  switch (expression.kind) {
    case "id":
      return [expression.id];
    case "negate":
      return idsIn(expression.of);
    case "list":
      return expression.items.flatMap(idsIn);
    case "call":
      return expression.given.flatMap(idsIn);
    case "binary":
      return [...idsIn(expression.left), ...idsIn(expression.right)];
    case "number":
    case "word":
      return [];
  }
}
