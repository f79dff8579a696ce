import type { Random } from "../kernel/random.ts";
import { binomial } from "./binomial.ts";
import { constraint, invalidParameter } from "./errors.ts";
import { type AliasRecord, LATEST, type Weighted } from "./model.ts";
import { isVersion } from "./names.ts";

export interface RoutingConfigInput {
  readonly AdditionalVersionWeights?: Readonly<Record<string, number>> | null;
}

/**
 * The additional version that a caller asks for; undefined for none. Checks what the API's model checks, in
 * the words that AWS was recorded to answer. Whether it goes with the primary is for `checkSplit`.
 */
export function parseRouting(input: RoutingConfigInput): Weighted | undefined {
  const weights = Object.entries(input.AdditionalVersionWeights ?? {});
  const shown = `{${weights.map(([version, weight]) => `${version}=${javaDouble(weight)}`).join(", ")}}`;
  const member = "routingConfig.additionalVersionWeights";
  if (weights.some(([version]) => !isVersion(version) || version.length > 1024)) {
    throw constraint(
      shown,
      member,
      "Map keys must satisfy constraint: [Member must have length less than or equal to 1024, " +
        "Member must have length greater than or equal to 1, Member must satisfy regular expression pattern: [0-9]+]",
    );
  }
  if (weights.some(([, weight]) => typeof weight !== "number" || !(weight >= 0 && weight <= 1))) {
    throw constraint(
      shown,
      member,
      "Map value must satisfy constraint: [Member must have value less than or equal to 1.0, " +
        "Member must have value greater than or equal to 0.0, Member must not be null]",
    );
  }
  if (weights.length > 1) {
    throw invalidParameter("Number of items in AdditionalVersionWeights cannot be greater than 1");
  }
  const [only] = weights;
  return only === undefined ? undefined : { version: only[0], weight: only[1] };
}

/** An alias that points to two versions points to two different, published ones. */
export function checkSplit(primary: string, additional: Weighted): void {
  if (primary === LATEST) {
    throw invalidParameter(`${LATEST} is not supported for an alias pointing to more than 1 version`);
  }
  if (additional.version === primary) {
    throw invalidParameter(
      `Invalid function version ${primary}. Function version ${primary} is already included in routing configuration.`,
    );
  }
}

/**
 * Which version answers one request through the alias. The split is random, invocation by invocation:
 * https://docs.aws.amazon.com/lambda/latest/dg/configuring-alias-routing.html
 */
export function pickVersion(alias: AliasRecord, random: Random): string {
  const { additional } = alias;
  if (additional === undefined) return alias.version;
  return random.number() < additional.weight ? additional.version : alias.version;
}

/** How `count` requests through the alias split; a version that gets none is left out. */
export function drawSplit(alias: AliasRecord, count: number, random: Random): Record<string, number> {
  const { additional } = alias;
  const toAdditional = additional === undefined ? 0 : binomial(count, additional.weight, random);
  const split: Record<string, number> = {};
  if (count > toAdditional) split[alias.version] = count - toAdditional;
  if (additional !== undefined && toAdditional > 0) split[additional.version] = toAdditional;
  return split;
}

/** A number as Java writes a double, which AWS's messages do. */
function javaDouble(value: unknown): string {
  return Number.isInteger(value) ? `${String(value)}.0` : String(value);
}
