import { createServer, type Server } from "node:http";
import { DynamoReleaseStore } from "@gonogo/adapters/dynamodb/store";
import type { Instant } from "@gonogo/core/kit/instant";
import { type Batch, StoreUnavailable } from "@gonogo/core/release/ports";
import { Drive } from "@gonogo/core/testing/drive";
import { samplePlan } from "@gonogo/core/testing/plans";
import { afterEach, describe, expect, it } from "vitest";
import { AwsError, type AwsResponse } from "../kernel/wire.ts";
import { createTables } from "./tables.ts";
import { memoryPlace, productTable } from "./testing.ts";
import { batchesOf } from "./testing-batches.ts";

/** S15: an alarm rolls back without the store, so it must know soon that the store is not there. */
const SOON = 2_000;

const drive = new Drive(samplePlan(), "2025-06-04T01:00:00.000Z" as Instant);
const [batch] = batchesOf(drive.plan, drive.log) as [Batch];

type Answer = (respond: (status: number, body: string) => void) => void;

const throttled = { __type: "com.amazonaws.dynamodb.v20120810#ThrottlingException", message: "slow down" };
const cancelled = {
  __type: "com.amazonaws.dynamodb.v20120810#TransactionCanceledException",
  Message: "Transaction cancelled, please refer cancellation reasons for specific reasons [ThrottlingError]",
  CancellationReasons: [{ Code: "ThrottlingError", Message: "Throughput exceeds the current limit" }],
};

describe("a release store that is away", () => {
  let server: Server | undefined;
  afterEach(() => {
    server?.closeAllConnections();
    server?.close();
    server = undefined;
  });

  async function storeAt(answer: Answer | undefined): Promise<DynamoReleaseStore> {
    server = createServer((_, response) => {
      answer?.((status, body) => {
        response.writeHead(status, { "content-type": "application/x-amz-json-1.0" });
        response.end(body);
      });
    });
    await new Promise<void>((resolve) => server?.listen(0, "127.0.0.1", resolve));
    const address = server.address();
    const port = typeof address === "object" ? address?.port : 0;
    if (answer === undefined) {
      await new Promise((resolve) => server?.close(resolve));
      server = undefined;
    }
    const credentials = { accessKeyId: "test", secretAccessKey: "test" };
    return new DynamoReleaseStore(
      { region: "us-east-1", endpoint: `http://127.0.0.1:${port}`, credentials },
      "releases",
    );
  }

  it.each<[string, Answer | undefined]>([
    ["nobody listens", undefined],
    ["nobody answers", () => {}],
    ["it fails", (respond) => respond(500, "{}")],
    ["it throttles", (respond) => respond(400, JSON.stringify(throttled))],
    ["it throttles transactions", (respond) => respond(400, JSON.stringify(cancelled))],
    ["it answers with something else", (respond) => respond(200, "<html>")],
  ])("is reported as away within two seconds where %s", async (_, answer) => {
    const store = await storeAt(answer);
    const timed = async (work: Promise<unknown>) => {
      const since = performance.now();
      await expect(work).rejects.toBeInstanceOf(StoreUnavailable);
      return performance.now() - since;
    };
    expect(await timed(store.append(batch))).toBeLessThan(SOON);
    expect(await timed(store.load("REL-1"))).toBeLessThan(SOON);
    expect(await timed(store.listeners("any"))).toBeLessThan(SOON);
  });

  it("keeps a mistake of ours what it is", async () => {
    const place = memoryPlace();
    const store = new DynamoReleaseStore(place.config, "nowhere");
    await expect(store.load("REL-1")).rejects.toMatchObject({ name: "ResourceNotFoundException" });
    await expect(store.append(batch)).rejects.toMatchObject({ name: "ResourceNotFoundException" });
  });

  it("takes a write whose answer was lost for written", async () => {
    const place = memoryPlace();
    await createTables(place.client, [productTable("releases")]);
    let lost = 0;
    place.kernel.fault = async (call, proceed): Promise<AwsResponse> => {
      const answer = await proceed();
      if (call.operation !== "TransactWriteItems" || lost++ > 0) return answer;
      throw new AwsError("InternalServerError", "the answer is lost", 500);
    };
    const store = new DynamoReleaseStore({ ...place.config, maxAttempts: 3 }, "releases");
    expect(await store.append(batch)).toEqual({ kind: "written" });
    expect((await store.load("REL-1"))?.seq).toBe(batch.records.at(-1)?.seq);
    // Without the SDK's own second try: the next one, by hand, is recognised by what it wrote.
    lost = 0;
    const impatient = new DynamoReleaseStore({ ...place.config, maxAttempts: 1 }, "releases");
    const drive = new Drive(samplePlan({ id: "REL-2" }), "2025-06-04T01:00:00.000Z" as Instant);
    const [second] = batchesOf(drive.plan, drive.log) as [Batch];
    await expect(impatient.append(second)).rejects.toBeInstanceOf(StoreUnavailable);
    expect(await impatient.append(second)).toEqual({ kind: "written" });
    expect(await impatient.records("REL-2", 1, 10)).toHaveLength(second.records.length);
  });
});
