import { S3Objects } from "@gonogo/adapters/s3/index";
import { fromMillis } from "@gonogo/core/kit/instant";
import { VirtualClock } from "../kernel/clock.ts";
import { inProcessHandler } from "../kernel/in-process.ts";
import { Kernel } from "../kernel/kernel.ts";
import { seededRandom } from "../kernel/random.ts";
import { type EngineStore, memoryStore } from "../kernel/store.ts";
import { type Blobs, memoryBlobs } from "./blobs.ts";
import { createS3 } from "./index.ts";

/** 2026-11-02T12:00:00Z, a Monday. */
export const NOON = Date.UTC(2026, 10, 2, 12);
export const DAY = 86_400_000;
const KEYS = { accessKeyId: "embedded", secretAccessKey: "embedded" };
const Bucket = "evidence";

export interface Answer {
  readonly status: number;
  readonly headers: Record<string, string>;
  readonly text: string;
}

/** S3 with the bucket `evidence`, and the adapter in front of it. */
export async function s3World(options: { store?: EngineStore; blobs?: Blobs; lockDays?: number } = {}) {
  let idle = async () => {};
  const clock = new VirtualClock(NOON, () => idle());
  const kernel = new Kernel({ clock, store: options.store ?? memoryStore(), random: seededRandom(1) });
  idle = () => kernel.activity.idle();
  kernel.register(createS3(kernel, { blobs: options.blobs ?? memoryBlobs(), keys: KEYS }).service);
  try {
    await kernel.call("s3", "CreateBucket", { Bucket, ObjectLockEnabledForBucket: true });
  } catch {
    // It is there already: the store was opened again.
  }
  if (options.lockDays !== undefined) {
    const lock = { Bucket, Mode: "GOVERNANCE", Days: options.lockDays };
    await kernel.call("s3", "PutObjectLockConfiguration", lock);
  }
  const aws = {
    region: "us-east-1",
    credentials: KEYS,
    requestHandler: inProcessHandler(kernel),
    maxAttempts: 1,
  };
  const objects = new S3Objects(aws, { bucket: Bucket, now: () => fromMillis(clock.now()) });

  /** A request as it comes off the wire, to an absolute address. */
  async function ask(
    method: string,
    address: string,
    request: { headers?: Record<string, string>; body?: string | Uint8Array } = {},
  ): Promise<Answer> {
    const url = new URL(address);
    const body = typeof request.body === "string" ? new TextEncoder().encode(request.body) : request.body;
    const answer = await kernel.dispatch({
      method,
      path: url.pathname,
      query: Object.fromEntries(url.searchParams),
      headers: { host: url.host, ...request.headers },
      body: body ?? new Uint8Array(),
    });
    return { ...answer, text: new TextDecoder().decode(answer.body) };
  }
  return { kernel, clock, objects, aws, bucket: Bucket, ask };
}
