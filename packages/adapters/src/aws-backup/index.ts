import {
  BackupClient,
  paginateListRecoveryPointsByResource,
  type RecoveryPointByResource,
} from "@aws-sdk/client-backup";
import { lookAtAge } from "@gonogo/core/check/age";
import { no, unknown } from "@gonogo/core/check/look";
import type { CheckProbe, Look, LookRequest } from "@gonogo/core/check/port";
import type { ProbeOf } from "@gonogo/core/check/schema";
import { fromMillis } from "@gonogo/core/kit/instant";
import { type AwsConfig, awsErrorName } from "../aws/config.ts";

/** RDS takes no fewer in one answer. */
const PAGE = 100;
/** Recovery points of one resource that are looked through; AWS tells the newest first for most, not for all. */
const MOST = 1_000;

/**
 * Answers the probe `backup`: of a database, table, volume or bucket there is a backup that can be restored and is
 * not old. AWS Backup tells of what it makes itself, and of RDS's snapshots and DynamoDB's own backups as well.
 * https://docs.aws.amazon.com/aws-backup/latest/devguide/API_ListRecoveryPointsByResource.html
 */
export class BackupCheck implements CheckProbe<ProbeOf<"backup">> {
  readonly #config: AwsConfig;
  readonly #clients = new Map<string, BackupClient>();

  constructor(config: AwsConfig) {
    this.#config = config;
  }

  async look({ probe, now }: LookRequest<ProbeOf<"backup">>): Promise<Look> {
    const { resource, within } = probe;
    const source = `AWS Backup ${resource}`;
    let points: RecoveryPointByResource[];
    try {
      points = await this.#pointsOf(resource);
    } catch (error) {
      const name = awsErrorName(error);
      if (name === "ResourceNotFoundException") return no(source, "AWS Backup knows no such resource");
      if (name !== "AccessDeniedException") throw error;
      return unknown(
        source,
        'this deployment may not list backups: say "backups": true in gonogo.targets.json, and deploy',
      );
    }
    const available = points.filter(({ Status }) => Status === "COMPLETED" || Status === "AVAILABLE");
    const newest = available.toSorted((a, b) => madeAt(b) - madeAt(a))[0];
    if (newest === undefined) {
      const others =
        points.length === 0 ? "" : `; ${points.length} that cannot be restored: ${statuses(points)}`;
      return no(source, `there is no backup that can be restored${others}`);
    }
    return lookAtAge(source, "the newest backup that can be restored", {
      at: fromMillis(madeAt(newest)),
      within,
      now,
    });
  }

  async #pointsOf(resource: string): Promise<RecoveryPointByResource[]> {
    const found: RecoveryPointByResource[] = [];
    const pages = paginateListRecoveryPointsByResource(
      { client: this.#client(resource), pageSize: PAGE },
      { ResourceArn: resource },
    );
    for await (const { RecoveryPoints = [] } of pages) {
      found.push(...RecoveryPoints);
      if (found.length >= MOST) break;
    }
    return found;
  }

  /** Backups are where the resource is, which its ARN says. */
  #client(resource: string): BackupClient {
    const region = resource.split(":")[3] || this.#config.region;
    const known = this.#clients.get(region);
    if (known !== undefined) return known;
    const client = new BackupClient({ ...this.#config, region });
    this.#clients.set(region, client);
    return client;
  }
}

function madeAt({ CreationDate }: RecoveryPointByResource): number {
  return CreationDate?.getTime() ?? 0;
}

function statuses(points: readonly RecoveryPointByResource[]): string {
  return [...new Set(points.map(({ Status = "no status" }) => Status))].join(", ");
}
