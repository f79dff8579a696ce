import { createHash } from "node:crypto";
import { functionArn } from "./errors.ts";
import { type FunctionConfig, type FunctionRecord, LATEST, type VersionRecord } from "./model.ts";

/** FunctionConfiguration: https://docs.aws.amazon.com/lambda/latest/api/API_FunctionConfiguration.html */
interface Described {
  readonly name: string;
  readonly version: string;
  /** What the ARN ends in: nothing, a version, or the alias that was asked for. */
  readonly qualifier: string | undefined;
  readonly config: FunctionConfig;
  readonly revisionId: string;
  readonly modifiedAt: number;
  readonly timeoutSeconds: number;
}

export function describeLatest(record: FunctionRecord, timeoutSeconds: number, qualifier?: string) {
  return describe({ ...record, version: LATEST, qualifier, timeoutSeconds });
}

export function describeVersion(record: VersionRecord, timeoutSeconds: number, qualifier = record.version) {
  const { functionName: name, publishedAt: modifiedAt } = record;
  return describe({ ...record, name, modifiedAt, qualifier, timeoutSeconds });
}

/** In a list AWS leaves out what the state of a function is. */
export function inList({ State, LastUpdateStatus, ...rest }: ReturnType<typeof describe>) {
  return rest;
}

function describe(described: Described) {
  const { name, version, config } = described;
  return {
    FunctionName: name,
    FunctionArn: functionArn(name, described.qualifier),
    Runtime: config.runtime,
    Role: config.role,
    Handler: config.handler,
    CodeSize: 0,
    CodeSha256: codeSha256(name, version),
    Description: config.description,
    Timeout: config.timeoutSeconds ?? described.timeoutSeconds,
    MemorySize: config.memorySize,
    LastModified: new Date(described.modifiedAt).toISOString().replace("Z", "+0000"),
    Version: version,
    TracingConfig: { Mode: "PassThrough" },
    RevisionId: described.revisionId,
    PackageType: "Zip",
    Architectures: ["x86_64"],
    EphemeralStorage: { Size: 512 },
    State: "Active",
    LastUpdateStatus: "Successful",
  };
}

/** There is no archive to hash: the code is what `define` gave for this name and version. */
export function codeSha256(name: string, version: string): string {
  return createHash("sha256").update(`${name}:${version}`).digest("base64");
}
