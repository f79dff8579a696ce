import type { z } from "zod";

/**
 * What a plan's zod schema says of itself, as far as the writer and the reference need it: its fields in
 * order, its defaults, and the branches of its unions.
 */
export type Schema = z.core.$ZodType;

/** The schema under optional, default and the like. */
export function bare(schema: Schema): Schema {
  const { def } = schema._zod as { def: z.core.$ZodTypeDef & { innerType?: Schema } };
  if (def.innerType !== undefined) return bare(def.innerType);
  return schema;
}

/** The value that a missing field gets; undefined when there is none. */
export function defaultOf(schema: Schema): unknown {
  const def = schema._zod.def as z.core.$ZodTypeDef & { innerType?: Schema; defaultValue?: unknown };
  if (def.type === "default" || def.type === "prefault") return def.defaultValue;
  return def.type === "optional" && def.innerType !== undefined ? defaultOf(def.innerType) : undefined;
}

export function isOptional(schema: Schema): boolean {
  return schema._zod.optin === "optional";
}

/** The fields of an object, or undefined when it is none. */
export function fieldsOf(schema: Schema): Record<string, Schema> | undefined {
  const def = bare(schema)._zod.def as { type: string; shape?: Record<string, Schema> };
  return def.type === "object" ? def.shape : undefined;
}

export function elementOf(schema: Schema): Schema | undefined {
  const def = bare(schema)._zod.def as { type: string; element?: Schema };
  return def.type === "array" ? def.element : undefined;
}

export function branchesOf(schema: Schema): readonly Schema[] | undefined {
  const def = bare(schema)._zod.def as { type: string; options?: readonly Schema[] };
  return def.type === "union" ? def.options : undefined;
}
