import type { CopiesElsewhere } from "@gonogo/core/audit/ports";
import { days } from "@gonogo/core/kit/duration";
import { type Instant, plus } from "@gonogo/core/kit/instant";
import type { AwsConfig } from "../aws/config.ts";
import { S3Objects } from "./index.ts";

/** A bucket with Object Lock that another account has. */
export interface Elsewhere {
  readonly bucket: string;
  readonly account: string;
  /** Where it is not the deployment's own. */
  readonly region?: string | undefined;
  /** For how long nobody can delete a copy, its own account included. */
  readonly days: number;
}

/** Puts copies there under COMPLIANCE; the bucket's policy lets nobody put them otherwise. */
export class S3Elsewhere implements CopiesElsewhere {
  readonly where: string;
  readonly #objects: S3Objects;
  readonly #days: number;
  readonly #now: () => Instant;

  constructor(config: AwsConfig, { bucket, account, region, days }: Elsewhere, now: () => Instant) {
    this.where = `${bucket} in ${account}`;
    const own = region === undefined ? config : { ...config, region };
    this.#objects = new S3Objects(own, { bucket, now, owner: account });
    this.#days = days;
    this.#now = now;
  }

  async put(key: string, body: Uint8Array): Promise<void> {
    const lock = { mode: "compliance", until: plus(this.#now(), days(this.#days)) } as const;
    const contentType = "application/json";
    await this.#objects.put({ key, body, contentType, ifPresent: "replace", lock });
  }
}
