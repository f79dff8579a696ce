/** `unknown`: it could not be looked at, which is neither good nor bad. */
export type Condition = "well" | "warning" | "ill" | "unknown";

/** What an examination of a deployment found about one part of it. */
export interface Finding {
  /** Which part, such as `table`, `function visit` or `release REL-2025-06-04`. */
  readonly part: string;
  readonly condition: Condition;
  readonly says: string;
  /** What to do about it; always there when the part is ill. */
  readonly remedy?: string;
}

/** A thing of the deployment as it was seen. */
export type Seen<T extends object = object> =
  | ({ readonly kind: "there" } & T)
  | { readonly kind: "missing" }
  | { readonly kind: "unknown"; readonly why: string };

const WORST_FIRST: readonly Condition[] = ["ill", "warning", "unknown", "well"];

/** What is worst stands first; within that the order in which things were looked at. */
export function worstFirst(findings: readonly Finding[]): Finding[] {
  return findings.toSorted((a, b) => WORST_FIRST.indexOf(a.condition) - WORST_FIRST.indexOf(b.condition));
}

/** Finds nothing wrong only when it was seen, and `wrong` has nothing to say of it. */
export function examine<T extends object>(
  part: string,
  seen: Seen<T>,
  remedy: string,
  wrong: (seen: T) => (Omit<Finding, "part" | "condition"> & { readonly condition?: Condition }) | undefined,
  well = "it is there, and works",
): Finding {
  switch (seen.kind) {
    case "missing":
      return { part, condition: "ill", says: "it is not there", remedy };
    case "unknown":
      return { part, condition: "unknown", says: `it could not be looked at: ${seen.why}` };
    case "there": {
      const found = wrong(seen);
      if (found === undefined) return { part, condition: "well", says: well };
      return { part, condition: "ill", remedy, ...found };
    }
  }
}
