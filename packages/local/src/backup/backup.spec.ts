import {
  BackupClient,
  ListRecoveryPointsByResourceCommand,
  StartBackupJobCommand,
} from "@aws-sdk/client-backup";
import { BackupCheck } from "@gonogo/adapters/aws-backup/index";
import { hours } from "@gonogo/core/kit/duration";
import { fromMillis } from "@gonogo/core/kit/instant";
import { beforeEach, describe, expect, it } from "vitest";
import { inProcess, virtualKernel } from "../scheduler/testing.ts";
import { createBackup } from "./index.ts";

const TABLE = "arn:aws:dynamodb:us-east-1:123456789012:table/orders";
const HOUR = 3_600_000;

let kernel: ReturnType<typeof virtualKernel>;
let client: BackupClient;
beforeEach(() => {
  kernel = virtualKernel();
  kernel.kernel.register(createBackup(kernel.kernel).service);
  client = new BackupClient(inProcess(kernel.kernel));
});

const backUp = (ResourceArn = TABLE) =>
  client.send(
    new StartBackupJobCommand({
      BackupVaultName: "daily",
      ResourceArn,
      IamRoleArn: "arn:aws:iam::123456789012:role/backup",
    }),
  );

const look = (resource = TABLE, config = inProcess(kernel.kernel)) =>
  new BackupCheck(config as never).look({
    probe: { kind: "backup", resource, within: hours(24) },
    now: fromMillis(kernel.clock.now()),
  } as never);

describe("the engine's AWS Backup", () => {
  it("lists what was backed up, of one resource, the newest first, in pages", async () => {
    for (let n = 0; n < 3; n++) {
      await backUp();
      await kernel.clock.advance(HOUR);
    }
    await backUp("arn:aws:rds:us-east-1:123456789012:db:orders");
    const list = async (NextToken?: string) =>
      await client.send(
        new ListRecoveryPointsByResourceCommand({ ResourceArn: TABLE, MaxResults: 2, NextToken }),
      );
    const first = await list();
    const second = await list(first.NextToken);
    const all = [...(first.RecoveryPoints ?? []), ...(second.RecoveryPoints ?? [])];
    const times = all.map(({ CreationDate }) => CreationDate?.getTime() ?? 0);
    expect(times).toHaveLength(3);
    expect(times).toEqual(times.toSorted((a, b) => b - a));
    expect(second.NextToken).toBeUndefined();
    expect(all[0]).toMatchObject({ Status: "COMPLETED", BackupVaultName: "daily" });
  });

  it("makes one backup of a request that is sent twice", async () => {
    const request = {
      BackupVaultName: "daily",
      ResourceArn: TABLE,
      IamRoleArn: "arn:aws:iam::123456789012:role/backup",
      IdempotencyToken: "nightly-1",
    };
    const first = await client.send(new StartBackupJobCommand(request));
    const second = await client.send(new StartBackupJobCommand(request));
    expect(second.RecoveryPointArn).toBe(first.RecoveryPointArn);
  });

  it("refuses by name what it does not serve, and what is no ARN", async () => {
    await expect(backUp("orders")).rejects.toMatchObject({ name: "InvalidParameterValueException" });
    const asked = { ResourceArn: TABLE, ManagedByAWSBackupOnly: true };
    await expect(client.send(new ListRecoveryPointsByResourceCommand(asked))).rejects.toThrow(
      "ManagedByAWSBackupOnly",
    );
  });
});

describe("a check of a backup", () => {
  it("is no where there is none, yes while the newest is young, and no again when it is old", async () => {
    expect(await look()).toMatchObject({
      answer: "no",
      saw: { source: `AWS Backup ${TABLE}`, detail: "there is no backup that can be restored" },
    });
    await backUp();
    await kernel.clock.advance(3 * HOUR);
    expect(await look()).toMatchObject({ answer: "yes", saw: { age: hours(3) } });
    await kernel.clock.advance(22 * HOUR);
    expect(await look()).toMatchObject({ answer: "no" });
    await backUp();
    expect(await look()).toMatchObject({ answer: "yes" });
  });

  it("looks at the resource that is named and at no other", async () => {
    await backUp();
    expect(await look(`${TABLE}-archive`)).toMatchObject({ answer: "no" });
  });

  /** Whatever AWS answers besides. */
  const answering = (status: number, headers: Record<string, string>, body: object) => ({
    ...inProcess(kernel.kernel),
    requestHandler: {
      handle: async () => ({
        response: { statusCode: status, headers, body: new TextEncoder().encode(JSON.stringify(body)) },
      }),
    },
  });

  it("that may not be asked for is no yes, and says what to declare", async () => {
    const config = answering(403, { "x-amzn-errortype": "AccessDeniedException" }, { message: "no" });
    expect(await look(TABLE, config as never)).toMatchObject({
      answer: "unknown",
      saw: { detail: expect.stringContaining('"backups": true') },
    });
  });

  it("does not take one that is under way or expired for a backup", async () => {
    const CreationDate = kernel.clock.now() / 1000;
    const RecoveryPoints = ["PARTIAL", "EXPIRED", "DELETING"].map((Status) => ({ Status, CreationDate }));
    const config = answering(200, { "content-type": "application/json" }, { RecoveryPoints });
    expect(await look(TABLE, config as never)).toMatchObject({
      answer: "no",
      saw: { detail: expect.stringContaining("PARTIAL, EXPIRED, DELETING") },
    });
  });
});
