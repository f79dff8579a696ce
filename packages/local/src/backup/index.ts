import { arn } from "../kernel/arn.ts";
import { type Input, optionalText, refuseOthers, text } from "../kernel/checks.ts";
import type { Kernel } from "../kernel/kernel.ts";
import { page } from "../kernel/paging.ts";
import { AwsError, restService, type Service } from "../kernel/wire.ts";

/** A backup of something, in a vault. */
interface RecoveryPoint {
  readonly arn: string;
  readonly resource: string;
  readonly vault: string;
  readonly madeAt: number;
  /** Of the request that made it: asked again, it is the same backup. */
  readonly token?: string;
}

const ROUTES = [
  {
    operation: "ListRecoveryPointsByResource",
    method: "GET",
    path: "/resources/{ResourceArn}/recovery-points",
    query: {
      MaxResults: "maxResults",
      NextToken: "nextToken",
      ManagedByAWSBackupOnly: "managedByAWSBackupOnly",
    },
  },
  { operation: "StartBackupJob", method: "PUT", path: "/backup-jobs" },
] as const;

/**
 * AWS Backup, as far as backups are made and listed. What is backed up is a name only: nothing here has contents, so a
 * job is over as soon as it is asked for. https://docs.aws.amazon.com/aws-backup/latest/devguide/api-reference.html
 */
export function createBackup(kernel: Kernel): { readonly service: Service } {
  const points = kernel.store.table<RecoveryPoint>("backup/points");
  const service = restService({
    name: "backup",
    routes: ROUTES,
    operations: {
      StartBackupJob: (input: Input) => {
        refuseOthers("StartBackupJob", input, [
          "BackupVaultName",
          "ResourceArn",
          "IamRoleArn",
          "IdempotencyToken",
        ]);
        const token = optionalText(input, "IdempotencyToken", { min: 1, max: 1024 });
        const known =
          token === undefined ? undefined : points.entries().find(([, one]) => one.token === token);
        if (known !== undefined) return started(known[1]);
        const id = kernel.random.uuid();
        const point: RecoveryPoint = {
          arn: arn("backup", `recovery-point:${id}`),
          resource: resourceIn(input),
          vault: text(input, "BackupVaultName", { min: 2, max: 50 }),
          madeAt: kernel.clock.now(),
          ...(token === undefined ? {} : { token }),
        };
        text(input, "IamRoleArn", { min: 20, max: 2048 });
        points.set(point.arn, point);
        return started(point);
      },
      ListRecoveryPointsByResource: (input: Input) => {
        refuseOthers("ListRecoveryPointsByResource", input, ["ResourceArn", "MaxResults", "NextToken"]);
        const resource = resourceIn(input);
        const found = points
          .entries()
          .map(([, point]) => point)
          .filter((point) => point.resource === resource);
        const limit = Number(input.MaxResults ?? 1_000);
        if (!Number.isInteger(limit) || limit < 1 || limit > 1_000) {
          throw new AwsError("InvalidParameterValueException", "MaxResults must be from 1 to 1000");
        }
        const token =
          input.NextToken === undefined ? undefined : text(input, "NextToken", { min: 1, max: 2048 });
        // The newest first.
        const keyOf = ({ madeAt, arn: name }: RecoveryPoint) =>
          `${String(Number.MAX_SAFE_INTEGER - madeAt).padStart(16, "0")} ${name}`;
        const { items, ...rest } = page(found, keyOf, { token, limit });
        return { RecoveryPoints: items.map(described), ...rest };
      },
    },
  });
  return { service };
}

function started({ arn: RecoveryPointArn, madeAt }: RecoveryPoint) {
  const BackupJobId = RecoveryPointArn.slice(RecoveryPointArn.lastIndexOf(":") + 1);
  return { BackupJobId, RecoveryPointArn, CreationDate: new Date(madeAt) };
}

function described({ arn: RecoveryPointArn, madeAt, vault }: RecoveryPoint) {
  return {
    RecoveryPointArn,
    CreationDate: new Date(madeAt),
    Status: "COMPLETED",
    BackupVaultName: vault,
    IsParent: false,
  };
}

function resourceIn(input: Input): string {
  const name = text(input, "ResourceArn", { min: 1, max: 2048 });
  if (/^arn:[^:]+:[a-z0-9-]+:[^:]*:[^:]*:.+$/.test(name)) return name;
  throw new AwsError("InvalidParameterValueException", `ResourceArn: ${name} is no ARN`);
}
