import type { KeyScope } from "@gonogo/core/key/schema";

/** What a token's claims give, such as those of a job of GitHub Actions or GitLab. */
export interface Grant {
  /** Each claim has to be one of these values; one that ends in `*` stands for all that begin so. */
  readonly when: Readonly<Record<string, string | readonly string[]>>;
  /** What the log calls a tool, where several have one issuer. */
  readonly name?: string;
  readonly roles?: readonly string[];
  /** Unset: everything that its roles may. */
  readonly scopes?: readonly KeyScope[];
}

export interface Granted {
  readonly name?: string;
  readonly roles: readonly string[];
  readonly scopes?: readonly KeyScope[];
}

/**
 * What the grants that fit give together; undefined when none does. One that limits nothing lifts the limits of the
 * others, and the first that has a name gives it.
 */
export function grantedBy(
  grants: readonly Grant[],
  claims: Readonly<Record<string, unknown>>,
): Granted | undefined {
  const fitting = grants.filter(({ when }) =>
    Object.entries(when).every(([claim, wanted]) => isOneOf(claims[claim], [wanted].flat())),
  );
  if (fitting.length === 0) return undefined;
  const name = fitting.find((one) => one.name !== undefined)?.name;
  const scopes = fitting.map((one) => one.scopes);
  return {
    roles: [...new Set(fitting.flatMap(({ roles = [] }) => roles))].sort(),
    ...(name === undefined ? {} : { name }),
    ...(scopes.includes(undefined)
      ? {}
      : { scopes: [...new Set(scopes.flatMap((one) => one ?? []))].sort() }),
  };
}

function isOneOf(given: unknown, wanted: readonly string[]): boolean {
  if (typeof given !== "string" && typeof given !== "number" && typeof given !== "boolean") return false;
  const text = String(given);
  return wanted.some((one) => (one.endsWith("*") ? text.startsWith(one.slice(0, -1)) : text === one));
}
