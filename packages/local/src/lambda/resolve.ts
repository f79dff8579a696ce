import type { Random } from "../kernel/random.ts";
import { functionNotFound } from "./errors.ts";
import { LATEST } from "./model.ts";
import { isVersion, parseFunctionName } from "./names.ts";
import { pickVersion } from "./routing.ts";
import type { LambdaTables } from "./tables.ts";

/** Where one request goes. */
export interface Route {
  readonly name: string;
  /** As the caller gave it: a version, an alias, or nothing. */
  readonly qualifier: string | undefined;
  /** The version that answers. */
  readonly version: string;
  /** Whether the qualifier is an alias that stands for two versions. */
  readonly split: boolean;
}

/** Draws the version for one request. Throws "Function not found" for what does not exist. */
export function resolve(tables: LambdaTables, random: Random, target: string, given?: string): Route {
  const { name, qualifier } = parseFunctionName(target, given);
  tables.get(name, qualifier);
  if (qualifier === undefined || qualifier === LATEST || isVersion(qualifier)) {
    const version = qualifier ?? LATEST;
    tables.requireVersion(name, version);
    return { name, qualifier, version, split: false };
  }
  const alias = tables.findAlias(name, qualifier);
  if (alias === undefined) throw functionNotFound(name, qualifier);
  return {
    name,
    qualifier,
    version: pickVersion(alias, random),
    split: alias.additional !== undefined,
  };
}
