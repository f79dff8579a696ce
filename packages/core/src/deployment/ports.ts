import type { Erased } from "../erasure/ports.ts";
import type { KeyEntry } from "../key/state.ts";
import type { Digest } from "../kit/digest.ts";
import type { Instant } from "../kit/instant.ts";
import type { Answer, Appended, Batch } from "../release/ports.ts";
import type { DeploymentRecord } from "./events.ts";
import type { DeploymentState } from "./state.ts";

/** The deployment as it stands, and the end of its log; `seq` 0 before anything has happened. */
export interface LoadedDeployment {
  readonly state: DeploymentState;
  readonly seq: number;
  readonly head: Digest;
}

/** What a command to the deployment wrote, to be written together or not at all. */
export interface DeploymentBatch {
  readonly before: number;
  readonly records: readonly DeploymentRecord[];
  readonly state: DeploymentState;
  readonly answer?: NonNullable<Batch["answer"]>;
  readonly erased?: Erased<DeploymentRecord>;
}

export type DeploymentAppended = Extract<Appended, { kind: "written" | "overtaken" | "answered" }>;

/** Where the deployment's own log is kept. */
export interface DeploymentStore {
  deployment(): Promise<LoadedDeployment>;
  appendDeployment(batch: DeploymentBatch): Promise<DeploymentAppended>;
  deploymentAnswer(command: string): Promise<Answer | undefined>;
  /** The addresses of feeds, outside the log. */
  rememberFeed(name: string, address: string): Promise<void>;
  feedAddress(name: string): Promise<string | undefined>;
  /** When something last came in or went out by an integration, outside the log. */
  rememberSeen(integration: string, at: Instant): Promise<void>;
  seen(): Promise<Readonly<Record<string, Instant>>>;
  /** A tool's key by its digest, as it stands at this moment. */
  key(digest: Digest): Promise<KeyEntry | undefined>;
  /** Remembers that a key was used. Not the log: it may be lost, and is told to the hour. */
  keyUsed(digest: Digest, at: Instant): Promise<void>;
  /** When keys were last used, by their digests. */
  keysUsed(digests: readonly Digest[]): Promise<ReadonlyMap<Digest, Instant>>;
  deploymentRecords(from: number, limit: number): Promise<readonly DeploymentRecord[]>;
}
