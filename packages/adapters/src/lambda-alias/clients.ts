import { LambdaClient } from "@aws-sdk/client-lambda";
import type { Accounts } from "../aws/accounts.ts";
import type { AwsConfig } from "../aws/config.ts";

/** Where a function is, besides its name. */
export interface Place {
  readonly region?: string | undefined;
  readonly account?: string | undefined;
}

/** Lambda in each account and region, by the credentials with which it is reached. */
export class LambdaClients {
  readonly #config: AwsConfig;
  readonly #accounts: Accounts;
  readonly #clients = new Map<string, LambdaClient>();

  /** `accounts` is how accounts other than the deployment's own are reached. */
  constructor(config: AwsConfig, accounts: Accounts = () => undefined) {
    this.#config = config;
    this.#accounts = accounts;
  }

  /** What tells two places apart: the account and the region. */
  keyOf({ region = this.#config.region, account }: Place): string {
    return `${account ?? ""}/${region}`;
  }

  /** Throws UndeclaredAccount. */
  in(place: Place): LambdaClient {
    const key = this.keyOf(place);
    const known = this.#clients.get(key);
    if (known !== undefined) return known;
    const { region = this.#config.region, account } = place;
    const config = account === undefined ? this.#config : this.#accounts(account);
    if (config === undefined) throw new UndeclaredAccount(account);
    const client = new LambdaClient({ ...config, region });
    this.#clients.set(key, client);
    return client;
  }
}

/** Nobody has declared how the account is reached. */
export class UndeclaredAccount extends Error {
  constructor(account: string | undefined) {
    super(
      `nothing is declared for the account ${account}: name the target with its account, role and external id in ` +
        "gonogo.targets.json, and deploy",
    );
    this.name = "UndeclaredAccount";
  }
}
