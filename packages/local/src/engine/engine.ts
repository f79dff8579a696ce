import { createBackup } from "../backup/index.ts";
import { type CloudWatch, createCloudWatch } from "../cloudwatch/index.ts";
import { createEvents, type Events } from "../events/index.ts";
import { inProcessHandler } from "../kernel/in-process.ts";
import type { Kernel } from "../kernel/kernel.ts";
import { type AuditKeys, createKms, oneKey } from "../kms/index.ts";
import { VIRTUAL_KEY } from "../kms/key-file.ts";
import { createLambda, type Lambda } from "../lambda/index.ts";
import { type Blobs, memoryBlobs } from "../s3/blobs.ts";
import { createS3 } from "../s3/index.ts";
import { createScheduler, type Scheduler } from "../scheduler/index.ts";
import { createStates, type States } from "../states/index.ts";
import { createTagging } from "../tagging/index.ts";
import { delivery } from "./delivery.ts";

/** The AWS APIs that the product calls, in one process. */
export interface Engine {
  readonly kernel: Kernel;
  readonly events: Events;
  readonly lambda: Lambda;
  readonly states: States;
  readonly cloudwatch: CloudWatch;
  readonly scheduler: Scheduler;
  readonly auditKeys: AuditKeys;
  /** An SDK client's configuration that reaches this engine without a socket. */
  readonly aws: {
    readonly region: string;
    readonly credentials: { accessKeyId: string; secretAccessKey: string };
    readonly requestHandler: unknown;
    /** Nothing here checks signatures, so none are made. */
    readonly signer: { sign<T>(request: T): Promise<T> };
    readonly maxAttempts: number;
  };
  /** Takes up what was under way when the engine stopped. Once, after what is deployed has been defined. */
  resume(): void;
}

/** The one key of the engine. What it signs is as open as all else here: to whoever is on this machine. */
const CREDENTIALS = { accessKeyId: "embedded", secretAccessKey: "embedded" };

/** What an engine on this machine keeps beside its store. Without it, both are of the run. */
export interface Kept {
  /** What is in S3. */
  readonly blobs?: Blobs;
  /** The private keys that KMS signs the audit log with. */
  readonly auditKeys?: AuditKeys;
}

/** Puts the engine's parts together: each knows of the others only what kernel/ports.ts says. */
export function createEngine(kernel: Kernel, kept: Kept = {}): Engine {
  const { blobs = memoryBlobs(), auditKeys = oneKey(VIRTUAL_KEY) } = kept;
  // The bus delivers to functions and machines, and both send events to the bus.
  const targets = delivery(() => ({ invoker: lambda.invoker, starter: states.starter }));
  const events = createEvents(kernel, {
    delivery: targets,
    metrics: { put: (...measured) => cloudwatch.sink.put(...measured) },
  });
  const cloudwatch = createCloudWatch(kernel, { events: events.sink });
  const lambda = createLambda(kernel, { metrics: cloudwatch.sink, deadLetters: events.deadLetters });
  const states = createStates(kernel, { functions: lambda.invoker, events: events.sink });
  const scheduler = createScheduler(kernel, { delivery: targets, deadLetters: events.deadLetters });
  const s3 = createS3(kernel, { blobs, keys: CREDENTIALS });
  const kms = createKms(auditKeys);
  const backup = createBackup(kernel);
  const tagging = createTagging(() => cloudwatch.tagged());
  // S3 first: it knows its requests by their host, and others know theirs by a path that a bucket might have.
  for (const { service } of [s3, events, cloudwatch, lambda, states, scheduler, kms, tagging, backup])
    kernel.register(service);
  return {
    kernel,
    events,
    lambda,
    states,
    cloudwatch,
    scheduler,
    auditKeys,
    aws: {
      region: "us-east-1",
      credentials: CREDENTIALS,
      requestHandler: inProcessHandler(kernel),
      signer: { sign: async (request) => request },
      maxAttempts: 1,
    },
    resume() {
      cloudwatch.resume();
      lambda.resume();
      states.resume();
      scheduler.resume();
      events.resume();
    },
  };
}
