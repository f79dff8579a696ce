import type { Kernel } from "../kernel/kernel.ts";
import type { Table } from "../kernel/store.ts";
import { cannotFindAlias, functionNotFound } from "./errors.ts";
import {
  type AccountLimits,
  type AliasRecord,
  type FunctionRecord,
  LATEST,
  type VersionRecord,
} from "./model.ts";

/** Functions, versions and aliases as they are on disk. */
export class LambdaTables {
  readonly functions: Table<FunctionRecord>;
  /** Under `limits`, once somebody has set them. */
  readonly account: Table<AccountLimits>;
  #versions: Table<VersionRecord>;
  #aliases: Table<AliasRecord>;

  constructor(kernel: Kernel) {
    this.functions = kernel.store.table("lambda/functions");
    this.account = kernel.store.table("lambda/account");
    this.#versions = kernel.store.table("lambda/versions");
    this.#aliases = kernel.store.table("lambda/aliases");
  }

  /** The function, if it exists. */
  find(name: string): FunctionRecord | undefined {
    const record = this.functions.get(name);
    return record?.standing === "deleted" ? undefined : record;
  }

  /** Throws "Function not found", with the qualifier that was asked for. */
  get(name: string, qualifier?: string): FunctionRecord {
    const record = this.find(name);
    if (record === undefined) throw functionNotFound(name, qualifier);
    return record;
  }

  findVersion(name: string, version: string): VersionRecord | undefined {
    return this.#versions.get(`${name}/${version}`);
  }

  /** Throws unless `version` is $LATEST or has been published. */
  requireVersion(name: string, version: string): void {
    this.get(name, version);
    if (version !== LATEST && this.findVersion(name, version) === undefined) {
      throw functionNotFound(name, version);
    }
  }

  versionsOf(name: string): VersionRecord[] {
    return values(this.#versions, (version) => version.functionName === name).sort(
      (a, b) => Number(a.version) - Number(b.version),
    );
  }

  findAlias(name: string, alias: string): AliasRecord | undefined {
    return this.#aliases.get(`${name}/${alias}`);
  }

  getAlias(name: string, alias: string): AliasRecord {
    const found = this.findAlias(name, alias);
    if (found === undefined) throw cannotFindAlias(name, alias);
    return found;
  }

  aliasesOf(name: string): AliasRecord[] {
    return values(this.#aliases, (alias) => alias.functionName === name).sort((a, b) =>
      a.name < b.name ? -1 : 1,
    );
  }

  putVersion(version: VersionRecord): void {
    this.#versions.set(`${version.functionName}/${version.version}`, version);
  }

  putAlias(alias: AliasRecord): void {
    this.#aliases.set(`${alias.functionName}/${alias.name}`, alias);
  }

  deleteVersion(name: string, version: string): void {
    this.#versions.delete(`${name}/${version}`);
  }

  deleteAlias(name: string, alias: string): void {
    this.#aliases.delete(`${name}/${alias}`);
  }
}

function values<T>(table: Table<T>, wanted: (value: T) => boolean): T[] {
  return table
    .entries()
    .map(([, value]) => value)
    .filter(wanted);
}
