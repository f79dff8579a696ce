import { type Addresses, addresses } from "./names.ts";
import { type Declared, FILE, readDeclared } from "./targets.ts";

/** What every stack is given: where it is deployed, and what the account has declared. */
export interface Here {
  readonly stage: string;
  readonly at: Addresses;
  readonly declared: Declared;
  /** A stage that people rely on, `production` or `production-…`: what is in it outlives `sst remove`. */
  readonly isKept: boolean;
}

/** Asks AWS whose account this is and in which region: names are made of both. */
export async function here(): Promise<Here> {
  const { stage } = $app;
  const [{ accountId: account }, { region }, { partition }] = await Promise.all([
    aws.getCallerIdentity(),
    aws.getRegion(),
    aws.getPartition(),
  ]);
  return {
    stage,
    at: addresses({ stage, region, account, partition }),
    declared: readDeclared(`${$cli.paths.root}/${FILE}`),
    isKept: /^production\b/.test(stage),
  };
}
