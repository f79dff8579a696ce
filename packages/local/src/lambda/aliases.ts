import type { Kernel } from "../kernel/kernel.ts";
import { aliasNotFound, conflict, constraint, functionArn, revisionMismatch } from "./errors.ts";
import type { AliasRecord, Weighted } from "./model.ts";
import { isVersion, parseUnqualified } from "./names.ts";
import { type PageInput, page } from "./paging.ts";
import { checkSplit, parseRouting, type RoutingConfigInput } from "./routing.ts";
import type { LambdaTables } from "./tables.ts";

interface AliasName {
  readonly FunctionName: string;
  readonly Name: string;
}

export interface CreateAliasInput extends AliasName {
  readonly FunctionVersion: string;
  readonly Description?: string;
  readonly RoutingConfig?: RoutingConfigInput;
}

export interface UpdateAliasInput extends AliasName {
  readonly FunctionVersion?: string;
  readonly Description?: string;
  readonly RoutingConfig?: RoutingConfigInput;
  readonly RevisionId?: string;
}

/** https://docs.aws.amazon.com/lambda/latest/api/API_UpdateAlias.html and its neighbours */
export class Aliases {
  #kernel: Kernel;
  #tables: LambdaTables;

  constructor(kernel: Kernel, tables: LambdaTables) {
    this.#kernel = kernel;
    this.#tables = tables;
  }

  create(input: CreateAliasInput) {
    checkName(input.Name);
    checkVersion(input.FunctionVersion);
    const additional = parseRouting(input.RoutingConfig ?? {});
    const name = parseUnqualified(input.FunctionName);
    this.#checkVersions(name, input.FunctionVersion, additional);
    if (this.#tables.findAlias(name, input.Name) !== undefined) {
      throw conflict(`Alias already exists: ${functionArn(name, input.Name)}`);
    }
    return this.#write({
      functionName: name,
      name: input.Name,
      version: input.FunctionVersion,
      description: input.Description ?? "",
      ...split(additional),
    });
  }

  get(input: AliasName) {
    const name = parseUnqualified(input.FunctionName);
    return describeAlias(this.#tables.getAlias(name, input.Name));
  }

  /**
   * A RoutingConfig that is left out keeps the split, and one without versions clears it. Every update that
   * succeeds gives a new RevisionId, one that changes nothing too (recorded).
   */
  update(input: UpdateAliasInput) {
    if (input.FunctionVersion !== undefined) checkVersion(input.FunctionVersion);
    const routing = input.RoutingConfig === undefined ? undefined : parseRouting(input.RoutingConfig);
    const name = parseUnqualified(input.FunctionName);
    this.#tables.get(name);
    const existing = this.#tables.findAlias(name, input.Name);
    if (existing === undefined) throw aliasNotFound(name, input.Name);
    if (input.RevisionId !== undefined && input.RevisionId !== existing.revisionId) throw revisionMismatch();
    const version = input.FunctionVersion ?? existing.version;
    const additional = input.RoutingConfig === undefined ? existing.additional : routing;
    this.#checkVersions(name, version, additional);
    return this.#write({
      functionName: name,
      name: input.Name,
      version,
      description: input.Description ?? existing.description,
      ...split(additional),
    });
  }

  list(input: PageInput & { readonly FunctionName: string; readonly FunctionVersion?: string }) {
    const name = parseUnqualified(input.FunctionName);
    this.#tables.get(name);
    const wanted = this.#tables
      .aliasesOf(name)
      .filter((alias) => input.FunctionVersion === undefined || alias.version === input.FunctionVersion);
    const { items, ...rest } = page(wanted, (alias) => alias.name, input);
    return { Aliases: items.map(describeAlias), ...rest };
  }

  /** Deleting an alias that is not there succeeds (recorded). */
  delete(input: AliasName): void {
    const name = parseUnqualified(input.FunctionName);
    this.#tables.get(name);
    this.#tables.deleteAlias(name, input.Name);
  }

  #checkVersions(name: string, version: string, additional: Weighted | undefined): void {
    this.#tables.requireVersion(name, version);
    if (additional === undefined) return;
    checkSplit(version, additional);
    this.#tables.requireVersion(name, additional.version);
  }

  #write(alias: Omit<AliasRecord, "revisionId">) {
    const record = { ...alias, revisionId: this.#kernel.random.uuid() };
    this.#tables.putAlias(record);
    return describeAlias(record);
  }
}

function split(additional: Weighted | undefined): { additional?: Weighted } {
  return additional === undefined ? {} : { additional };
}

function describeAlias(alias: AliasRecord) {
  const { additional } = alias;
  return {
    AliasArn: functionArn(alias.functionName, alias.name),
    Name: alias.name,
    FunctionVersion: alias.version,
    Description: alias.description,
    ...(additional === undefined
      ? {}
      : { RoutingConfig: { AdditionalVersionWeights: { [additional.version]: additional.weight } } }),
    RevisionId: alias.revisionId,
  };
}

/** "Member must satisfy": an alias has a name that cannot be taken for a version. */
function checkName(name: string): void {
  const pattern = "(?!^[0-9]+$)([a-zA-Z0-9-_]+)";
  if (!/^[a-zA-Z0-9-_]+$/.test(name) || isVersion(name)) {
    throw constraint(name, "name", `Member must satisfy regular expression pattern: ${pattern}`);
  }
  if (name.length > 128) {
    throw constraint(name, "name", "Member must have length less than or equal to 128");
  }
}

function checkVersion(version: string): void {
  if (typeof version !== "string" || !/^(\$LATEST|[0-9]+)$/.test(version)) {
    throw constraint(
      String(version),
      "functionVersion",
      "Member must satisfy regular expression pattern: (\\$LATEST(\\.PUBLISHED)?|[0-9]+)",
    );
  }
}
