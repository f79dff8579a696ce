import { z } from "zod";
import { Plan } from "./schema.ts";
import { bare, branchesOf, defaultOf, elementOf, fieldsOf, isOptional, type Schema } from "./shape.ts";

/** The plan's JSON Schema (2020-12), for editors: what a person may write, before defaults are filled in. */
export function planJsonSchema(): Record<string, unknown> {
  const schema = z.toJSONSchema(Plan, { io: "input", unrepresentable: "any" });
  return {
    ...schema,
    title: "gonogo plan",
    description: "A release, declared: what is shifted when, what is watched, and how it is put back.",
  };
}

interface Table {
  readonly title: string;
  readonly about: string;
  readonly fields: Record<string, Schema>;
}

/** docs/plan-reference.md: every field of a plan with its type, its default and what it means. */
export function planReferenceMarkdown(): string {
  return referenceMarkdown("Plan", Plan, PREFACE);
}

/** The same for anything else that people write in YAML. */
export function referenceMarkdown(title: string, schema: Schema, preface: string): string {
  const tables: Table[] = [];
  collect(title, schema, tables);
  const parts = tables.map(({ title, about, fields }) => {
    const rows = Object.entries(fields).map(([name, schema]) => {
      const means = isDiscriminator(name) ? "Which of these it is." : meaningOf(schema);
      const cells = [`\`${name}\``, typeOf(title, name, schema), defaultText(schema), means];
      return `| ${cells.map((cell) => cell.replaceAll("|", "\\|").replaceAll("\n", " ")).join(" | ")} |`;
    });
    const heading = [`## ${title}`, ...(about === "" ? [] : ["", about])];
    return [...heading, "", "| Field | Type | Default | Meaning |", "|---|---|---|---|", ...rows].join("\n");
  });
  return `${[preface, ...parts].join("\n\n")}\n`;
}

const PREFACE = `# Plan reference

A plan is a YAML (or JSON) file. This page is made from its schema; \`gonogo\` refuses every field that is not here.

- **Offset**: a moment before or after T, such as \`T\`, \`T-30 min\`, \`T+2.5 h\`.
- **Duration**: a length of time, such as \`15 min\`, \`2.5 h\`, \`7 days\`.
- **Threshold**: a comparison, such as \`< 1 %\`, \`<= 2.5 s\`, \`>= 99.5 %\`.
- **Id**: lower-case letters, digits and hyphens.`;

/** Gathers an object and the objects in it, each under a name of its own. */
function collect(title: string, schema: Schema, tables: Table[]): void {
  const fields = fieldsOf(schema);
  if (fields !== undefined) {
    if (tables.some((table) => table.title === title)) return;
    tables.push({ title, about: meaningOf(bare(schema)), fields });
    for (const [name, field] of Object.entries(fields)) collect(titleFor(title, name), field, tables);
    return;
  }
  const element = elementOf(schema);
  if (element !== undefined) {
    collect(title, element, tables);
    return;
  }
  for (const branch of branchesOf(schema) ?? []) {
    const kind = kindOf(branch);
    if (kind !== undefined) collect(`${title}: ${kind}`, branch, tables);
  }
}

/** \`steps\` are described under "Step", \`checklist\` under "Check". */
function titleFor(parent: string, name: string): string {
  const own: Record<string, string> = {
    checklist: "Check",
    rollback: "Rollback rule",
    rehearsal: "Rehearsal",
    notes: "Note",
    roles: "Role",
    source: "Metric source",
    onRed: "On red",
    fields: "Review field",
    signals: "Signal",
  };
  const single = name.replace(/ies$/, "y").replace(/(?<!s)s$/, "");
  const title = own[name] ?? single.charAt(0).toUpperCase() + single.slice(1);
  return parent === "Plan" || own[name] !== undefined ? title : `${parent.split(":")[0]} ${single}`;
}

/** The word by which a branch of a union is told from the others. */
function kindOf(branch: Schema): string | undefined {
  const { kind, choice } = fieldsOf(branch) ?? {};
  const discriminator = kind ?? choice;
  return discriminator === undefined ? undefined : literalsOf(discriminator)?.[0];
}

function isDiscriminator(name: string): boolean {
  return name === "kind" || name === "choice";
}

function literalsOf(schema: Schema): string[] | undefined {
  const def = bare(schema)._zod.def as {
    type: string;
    values?: unknown[];
    entries?: Record<string, unknown>;
  };
  if (def.type === "literal") return def.values?.map(String);
  return def.type === "enum" && def.entries !== undefined
    ? Object.values(def.entries).map(String)
    : undefined;
}

function typeOf(parent: string, name: string, schema: Schema): string {
  const literals = literalsOf(schema);
  if (literals !== undefined) return literals.map((one) => `\`${one}\``).join(", ");
  const element = elementOf(schema);
  if (element !== undefined) {
    const isNamed =
      fieldsOf(element) !== undefined || branchesOf(element)?.some((one) => kindOf(one) !== undefined);
    return isNamed
      ? `list of [${titleFor(parent, name)}](#${anchor(parent, name, element)})`
      : `list of ${plainType(name, element)}`;
  }
  if (fieldsOf(schema) !== undefined || branchesOf(schema)?.some((one) => kindOf(one) !== undefined)) {
    return `[${titleFor(parent, name)}](#${anchor(parent, name, schema)})`;
  }
  return plainType(name, schema);
}

/** As GitHub makes anchors of headings. */
function anchor(parent: string, name: string, schema: Schema): string {
  const title = titleFor(parent, name);
  const first =
    fieldsOf(schema) === undefined
      ? branchesOf(schema)
          ?.map(kindOf)
          .find((kind) => kind !== undefined)
      : undefined;
  const heading = first === undefined ? title : `${title}: ${first}`;
  return heading
    .toLowerCase()
    .replaceAll(/[^a-z0-9 -]/g, "")
    .replaceAll(" ", "-");
}

function plainType(name: string, schema: Schema): string {
  const kind = bare(schema)._zod.def.type;
  if (["at", "closes"].includes(name)) return /\bin UTC\b/.test(meaningOf(schema)) ? "time (UTC)" : "offset";
  if (
    [
      "watch",
      "within",
      "decideWithin",
      "maxDuration",
      "gatesWithin",
      "bake",
      "over",
      "soak",
      "every",
      "validFor",
      "for",
    ].includes(name)
  )
    return "duration";
  if (["start", "expectedCompletion"].includes(name)) return "time (UTC)";
  if (name === "percent") return "percentage";
  if (name === "threshold" || name === "when") return name === "when" ? "condition" : "threshold";
  if (kind === "union") {
    const { options } = bare(schema)._zod.def as unknown as { options: readonly Schema[] };
    const kinds = options.map((one) => one._zod.def as { type: string; values?: readonly unknown[] });
    if (kinds[0]?.type === "boolean" && kinds.every(({ type }) => ["boolean", "literal"].includes(type))) {
      const words = kinds.flatMap(({ type, values = [] }) => (type === "literal" ? values : []));
      return ["yes", "no", ...words.map((word) => `\`${word}\``)].join(", ");
    }
  }
  if (kind === "pipe" || kind === "union" || kind === "string") return "text";
  return kind === "boolean" ? "yes or no" : kind === "record" ? "map of text" : kind;
}

function defaultText(schema: Schema): string {
  const value = defaultOf(schema);
  if (value === undefined) return isOptional(schema) ? "" : "required";
  if (Array.isArray(value) && value.length === 0) return "none";
  if (typeof value === "object" && value !== null) {
    const filled = Object.keys(value).length === 0 ? "its fields' own" : JSON.stringify(value);
    return filled.startsWith("{") ? `\`${filled}\`` : filled;
  }
  return `\`${String(value)}\``;
}

function meaningOf(schema: Schema): string {
  const own = z.globalRegistry.get(schema as z.ZodType)?.description;
  if (own !== undefined) return own;
  const def = schema._zod.def as { innerType?: Schema };
  return def.innerType === undefined ? "" : meaningOf(def.innerType);
}
