import type { Kernel } from "../kernel/kernel.ts";
import { AwsError } from "../kernel/wire.ts";
import { checkDefinition } from "./definition-check.ts";
import type { MachineRecord, Tag } from "./model.ts";
import { checkMachineArn, checkName, machineArn } from "./names.ts";
import { nextToken, pageSize, placeOf } from "./paging.ts";
import type { Tables } from "./tables.ts";

type Input = Readonly<Record<string, unknown>>;

/** State machines, as the API makes and shows them. */
export class Machines {
  readonly #kernel: Kernel;
  readonly #tables: Tables;

  constructor(kernel: Kernel, tables: Tables) {
    this.#kernel = kernel;
    this.#tables = tables;
  }

  /** Idempotent: the same name and definition is the same machine; the role is not compared. */
  create(input: Input) {
    const name = checkName(input.name);
    const arn = machineArn(name);
    if ((input.type ?? "STANDARD") !== "STANDARD") {
      throw new AwsError(
        "StateMachineTypeNotSupported",
        "The embedded engine serves STANDARD state machines only",
      );
    }
    if (input.publish) throw unserved("publish: it serves no versions of state machines");
    checkSettings(input);
    const roleArn = checkRole(input.roleArn);
    const definition = checkedDefinition(input.definition);
    const known = this.#tables.machines.get(arn);
    if (known !== undefined) {
      if (known.status === "DELETING") {
        throw new AwsError("StateMachineDeleting", `State Machine is Deleting: '${arn}'`);
      }
      if (known.definition !== definition) {
        throw new AwsError("StateMachineAlreadyExists", `State Machine Already Exists: '${arn}'`);
      }
      return created(known);
    }
    const now = this.#kernel.clock.now();
    const made: MachineRecord = {
      name,
      arn,
      roleArn,
      createdAt: now,
      revision: this.#kernel.random.uuid(),
      definition,
      updatedAt: now,
      tags: (input.tags as Tag[] | undefined) ?? [],
      status: "ACTIVE",
    };
    this.#write(made);
    return created(made);
  }

  /** Running executions go on with the definition they began with. */
  update(input: Input) {
    const arn = checkMachineArn(input.stateMachineArn);
    if (input.publish) throw unserved("publish: it serves no versions of state machines");
    const known = this.#get(arn);
    const changes = [input.definition, input.roleArn, input.loggingConfiguration, input.tracingConfiguration];
    if (changes.every((change) => change === undefined)) {
      throw new AwsError(
        "MissingRequiredParameter",
        "Either the definition, the role ARN, the LoggingConfiguration, or the TracingConfiguration must be specified",
      );
    }
    checkSettings(input);
    const roleArn = input.roleArn === undefined ? known.roleArn : checkRole(input.roleArn);
    const definition =
      input.definition === undefined ? known.definition : checkedDefinition(input.definition);
    const now = this.#kernel.clock.now();
    const revisionId = this.#kernel.random.uuid();
    this.#write({ ...known, roleArn, definition, revision: revisionId, revisionId, updatedAt: now });
    return { updateDate: new Date(now), revisionId };
  }

  /** Executions end at their next transition, and the machine is gone when none is left. */
  delete(input: Input) {
    const arn = checkMachineArn(input.stateMachineArn);
    const known = this.#tables.machines.get(arn);
    if (known === undefined) return {};
    const running = this.#tables.open.entries().some(([, open]) => open.machineArn === arn);
    if (running) this.#tables.machines.set(arn, { ...known, status: "DELETING" });
    else this.#tables.machines.delete(arn);
    return {};
  }

  describe(input: Input) {
    const machine = this.#get(checkMachineArn(input.stateMachineArn));
    return {
      stateMachineArn: machine.arn,
      name: machine.name,
      status: machine.status,
      definition: machine.definition,
      roleArn: machine.roleArn,
      type: "STANDARD",
      creationDate: new Date(machine.createdAt),
      ...settings,
      ...(machine.revisionId === undefined ? {} : { revisionId: machine.revisionId }),
    };
  }

  /** The machine as it was for an execution that began with this revision. */
  describeRevision(revision: string, arn: string, machineName: string) {
    const stored = this.#tables.revisions.get(revision);
    if (stored === undefined) throw new Error(`the definition ${revision} is missing`);
    return {
      stateMachineArn: arn,
      name: machineName,
      definition: stored.definition,
      roleArn: stored.roleArn,
      updateDate: new Date(stored.updatedAt),
      ...settings,
      ...(stored.revisionId === undefined ? {} : { revisionId: stored.revisionId }),
    };
  }

  list(input: Input) {
    const limit = pageSize(input.maxResults);
    const after = placeOf(input.nextToken) ?? "";
    const names = this.#tables.machines
      .entries()
      .map(([, machine]) => machine)
      .sort((a, b) => (a.name < b.name ? -1 : 1))
      .filter(({ name }) => name > after);
    const page = names.slice(0, limit);
    return {
      stateMachines: page.map(({ arn, name, createdAt }) => ({
        stateMachineArn: arn,
        name,
        type: "STANDARD",
        creationDate: new Date(createdAt),
      })),
      ...nextToken(names.length > limit ? page.at(-1)?.name : undefined),
    };
  }

  tags(input: Input) {
    return { tags: this.#get(checkMachineArn(input.resourceArn)).tags };
  }

  #get(arn: string): MachineRecord {
    const machine = this.#tables.machines.get(arn);
    if (machine !== undefined) return machine;
    throw new AwsError("StateMachineDoesNotExist", `State Machine Does Not Exist: '${arn}'`);
  }

  #write(machine: MachineRecord): void {
    const { arn, revision, revisionId, definition, roleArn, updatedAt } = machine;
    this.#kernel.store.transaction(() => {
      this.#tables.revisions.set(revision, {
        definition,
        roleArn,
        updatedAt,
        ...(revisionId === undefined ? {} : { revisionId }),
      });
      this.#tables.machines.set(arn, machine);
    });
  }
}

/** ValidateStateMachineDefinition: says what is wrong instead of refusing. */
export function validateDefinition(input: Input) {
  if ((input.type ?? "STANDARD") !== "STANDARD") {
    throw new AwsError("ValidationException", "The embedded engine serves STANDARD state machines only");
  }
  const checked = checkDefinition(String(input.definition));
  const problems = checked.ok ? [] : checked.problems;
  const most = Number(input.maxResults ?? 0) || 100;
  return {
    result: checked.ok ? "OK" : "FAIL",
    diagnostics: problems.slice(0, most).map((problem) => ({ severity: "ERROR", ...problem })),
    truncated: problems.length > most,
  };
}

function checkedDefinition(definition: unknown): string {
  if (typeof definition !== "string" || Buffer.byteLength(definition) > 1024 * 1024) {
    throw new AwsError(
      "InvalidDefinition",
      "Invalid State Machine Definition: 'it must be JSON text of at most 1 MB'",
    );
  }
  const checked = checkDefinition(definition);
  if (checked.ok) return definition;
  const said = checked.problems.map(({ code, message, location }) => `${code}: ${message} at ${location}`);
  throw new AwsError("InvalidDefinition", `Invalid State Machine Definition: '${said.join("; ")}'`);
}

function checkRole(roleArn: unknown): string {
  if (typeof roleArn === "string" && /^arn:[^:]+:iam::/.test(roleArn)) return roleArn;
  throw new AwsError("InvalidArn", `Invalid Arn: 'Invalid Role Arn: ${String(roleArn)}'`);
}

/** What describes say of settings; the engine writes no logs and no traces of its own. */
const settings = {
  loggingConfiguration: { level: "OFF", includeExecutionData: false },
  tracingConfiguration: { enabled: false },
};

function checkSettings(input: Input): void {
  const logging = input.loggingConfiguration as { level?: string } | undefined;
  const tracing = input.tracingConfiguration as { enabled?: boolean } | undefined;
  const encryption = input.encryptionConfiguration as { type?: string } | undefined;
  if ((logging?.level ?? "OFF") !== "OFF") {
    throw new AwsError(
      "InvalidLoggingConfiguration",
      `Invalid Logging Configuration: the embedded engine writes no logs; level ${logging?.level} must be OFF`,
    );
  }
  if (tracing?.enabled) {
    throw new AwsError(
      "InvalidTracingConfiguration",
      "Invalid Tracing Configuration: the embedded engine has no X-Ray",
    );
  }
  if ((encryption?.type ?? "AWS_OWNED_KEY") !== "AWS_OWNED_KEY") {
    throw new AwsError(
      "InvalidEncryptionConfiguration",
      "Invalid Encryption Configuration: the embedded engine has no KMS",
    );
  }
}

function created(machine: MachineRecord) {
  return { stateMachineArn: machine.arn, creationDate: new Date(machine.createdAt) };
}

function unserved(what: string): AwsError {
  return new AwsError("ValidationException", `The embedded engine does not serve ${what}`);
}
