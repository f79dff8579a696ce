import type { Kernel } from "../kernel/kernel.ts";
import type { Definitions, FunctionDefinition } from "./define.ts";
import { describeLatest, describeVersion, inList } from "./describe.ts";
import { conflict, constraint, functionNotFound, invalidParameter, unsupported } from "./errors.ts";
import { type FunctionConfig, type FunctionRecord, LATEST } from "./model.ts";
import { isVersion, parseFunctionName, parseUnqualified } from "./names.ts";
import { type PageInput, page } from "./paging.ts";
import type { LambdaTables } from "./tables.ts";
import type { Versions } from "./versions.ts";

export interface CreateFunctionInput {
  readonly FunctionName: string;
  readonly Role?: string;
  readonly Handler?: string;
  readonly Runtime?: string;
  readonly Description?: string;
  readonly MemorySize?: number;
  readonly Timeout?: number;
  readonly Publish?: boolean;
}

interface Named {
  readonly FunctionName: string;
  readonly Qualifier?: string;
}

/** `Code` is taken and not unpacked: the code is what `define` registered. The rest would change behaviour. */
const CREATE_MEMBERS = new Set(
  "FunctionName Role Handler Runtime Description MemorySize Timeout Publish Code PackageType Architectures".split(
    " ",
  ),
);

const UNSAID: FunctionConfig = {
  description: "",
  role: "arn:aws:iam::123456789012:role/embedded-engine",
  handler: "index.handler",
  runtime: "nodejs24.x",
  memorySize: 128,
};

/** https://docs.aws.amazon.com/lambda/latest/api/API_CreateFunction.html and its neighbours */
export class Functions {
  #kernel: Kernel;
  #tables: LambdaTables;
  #definitions: Definitions;
  #versions: Versions;

  constructor(kernel: Kernel, tables: LambdaTables, definitions: Definitions, versions: Versions) {
    this.#kernel = kernel;
    this.#tables = tables;
    this.#definitions = definitions;
    this.#versions = versions;
  }

  /** Registers code. The function exists from then on, unless somebody has deleted it. */
  define(name: string, definition: FunctionDefinition): void {
    const parsed = parseUnqualified(name);
    this.#definitions.add(parsed, definition);
    if (this.#tables.functions.get(parsed) === undefined) this.#write(parsed, "defined", UNSAID, undefined);
  }

  create(input: CreateFunctionInput) {
    const name = parseUnqualified(input.FunctionName);
    for (const member of Object.keys(input)) {
      if (!CREATE_MEMBERS.has(member)) throw unsupported("CreateFunction", member);
    }
    checkTimeout(input.Timeout);
    const existing = this.#tables.functions.get(name);
    if (existing?.standing === "created") throw conflict(`Function already exist: ${name}`);
    this.#definitions.get(name);
    const config = { ...UNSAID, ...told(input) };
    return this.#kernel.store.transaction(() => {
      const record = this.#write(name, "created", config, existing);
      if (input.Publish === true) return this.#versions.publish({ FunctionName: name });
      return describeLatest(record, this.#definitions.timeoutSeconds(name));
    });
  }

  configuration(input: Named) {
    const { name, qualifier } = parseFunctionName(input.FunctionName, input.Qualifier);
    const record = this.#tables.get(name, qualifier);
    const timeout = this.#definitions.timeoutSeconds(name);
    if (qualifier === undefined) return describeLatest(record, timeout);
    const alias = isVersion(qualifier) ? undefined : this.#tables.findAlias(name, qualifier);
    const pointed = alias?.version ?? qualifier;
    if (pointed === LATEST) return describeLatest(record, timeout, qualifier);
    const version = this.#tables.findVersion(name, pointed);
    if (version === undefined) throw functionNotFound(name, qualifier);
    return describeVersion(version, timeout, qualifier);
  }

  get(input: Named) {
    const Configuration = this.configuration(input);
    const { reservedConcurrency } = this.#tables.get(Configuration.FunctionName);
    return {
      Configuration,
      Code: { RepositoryType: "in-process" },
      ...(reservedConcurrency === undefined
        ? {}
        : { Concurrency: { ReservedConcurrentExecutions: reservedConcurrency } }),
    };
  }

  list(input: PageInput & { readonly FunctionVersion?: string }) {
    const records = this.#tables.functions
      .entries()
      .map(([, record]) => record)
      .filter((record) => record.standing !== "deleted");
    const all = records.flatMap((record) => {
      const timeout = this.#definitions.timeoutSeconds(record.name);
      if (input.FunctionVersion !== "ALL") return [describeLatest(record, timeout)];
      const published = this.#tables.versionsOf(record.name).map((each) => describeVersion(each, timeout));
      return [describeLatest(record, timeout, LATEST), ...published];
    });
    const { items, ...rest } = page(all.map(inList), (each) => each.FunctionArn, input);
    return { Functions: items, ...rest };
  }

  delete(input: Named): void {
    const { name, qualifier } = parseFunctionName(input.FunctionName, input.Qualifier);
    const record = this.#tables.get(name);
    if (qualifier !== undefined) {
      this.#versions.delete(name, qualifier);
      return;
    }
    this.#kernel.store.transaction(() => {
      for (const alias of this.#tables.aliasesOf(name)) this.#tables.deleteAlias(name, alias.name);
      for (const each of this.#tables.versionsOf(name)) this.#tables.deleteVersion(name, each.version);
      this.#write(name, "deleted", UNSAID, record);
    });
  }

  #write(
    name: string,
    standing: FunctionRecord["standing"],
    config: FunctionConfig,
    existing: FunctionRecord | undefined,
  ): FunctionRecord {
    const record: FunctionRecord = {
      name,
      standing,
      config,
      revisionId: this.#kernel.random.uuid(),
      modifiedAt: this.#kernel.clock.now(),
      lastVersion: existing?.lastVersion ?? 0,
    };
    this.#tables.functions.set(name, record);
    return record;
  }
}

function told(input: CreateFunctionInput): Partial<FunctionConfig> {
  return {
    ...(input.Description === undefined ? {} : { description: input.Description }),
    ...(input.Role === undefined ? {} : { role: input.Role }),
    ...(input.Handler === undefined ? {} : { handler: input.Handler }),
    ...(input.Runtime === undefined ? {} : { runtime: input.Runtime }),
    ...(input.MemorySize === undefined ? {} : { memorySize: input.MemorySize }),
    ...(input.Timeout === undefined ? {} : { timeoutSeconds: input.Timeout }),
  };
}

function checkTimeout(timeout: number | undefined): void {
  if (timeout === undefined) return;
  if (!Number.isInteger(timeout)) throw invalidParameter("Timeout is a whole number of seconds");
  if (timeout < 1) {
    throw constraint(String(timeout), "timeout", "Member must have value greater than or equal to 1");
  }
  if (timeout > 900) {
    throw constraint(String(timeout), "timeout", "Member must have value less than or equal to 900");
  }
}
