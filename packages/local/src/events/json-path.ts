/** A step of a path into an event. */
export type Step =
  | { readonly kind: "name"; readonly name: string }
  | { readonly kind: "index"; readonly index: number }
  | { readonly kind: "every" };

/**
 * The part of JSON path that EventBridge has: dot notation with letters, digits, `-`, `_` and `/`, array
 * indices, and `*`. Undefined when `text` is not of that form.
 * https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-transform-target-input.html
 */
export function parsePath(text: string): readonly Step[] | undefined {
  if (!text.startsWith("$")) return undefined;
  const steps: Step[] = [];
  const form = /\.([A-Za-z0-9_/-]+)|\[(\d+)\]|\[\*\]|\.\*/y;
  form.lastIndex = 1;
  while (form.lastIndex < text.length) {
    const found = form.exec(text);
    if (found === null) return undefined;
    const [, name, index] = found;
    if (name !== undefined) steps.push({ kind: "name", name });
    else if (index !== undefined) steps.push({ kind: "index", index: Number(index) });
    else steps.push({ kind: "every" });
  }
  return steps;
}

/** What the path leads to, or undefined. With `*` in the path it is the list of all that it leads to. */
export function follow(steps: readonly Step[], from: unknown): unknown {
  let found: unknown[] = [from];
  for (const step of steps) found = found.flatMap((value) => take(step, value));
  return steps.some((step) => step.kind === "every") ? found : found[0];
}

function take(step: Step, value: unknown): unknown[] {
  if (typeof value !== "object" || value === null) return [];
  switch (step.kind) {
    case "name":
      return !Array.isArray(value) && Object.hasOwn(value, step.name)
        ? [(value as Record<string, unknown>)[step.name]]
        : [];
    case "index":
      return Array.isArray(value) && step.index < value.length ? [value[step.index]] : [];
    case "every":
      return Object.values(value);
    default:
      return step satisfies never;
  }
}
