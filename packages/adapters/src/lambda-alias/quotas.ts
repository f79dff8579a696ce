import { GetAccountSettingsCommand, GetFunctionConcurrencyCommand } from "@aws-sdk/client-lambda";
import { messageOf } from "@gonogo/core/kit/text";
import type { LambdaQuota, QuotaAnswer } from "@gonogo/core/quota/schema";
import type { Accounts } from "../aws/accounts.ts";
import type { AwsConfig } from "../aws/config.ts";
import { isFinal } from "./client.ts";
import { LambdaClients, type Place } from "./clients.ts";

type Settings = Omit<LambdaQuota, "reserved">;

/**
 * What Lambda lets functions use: of their account, asked once for each account and region, and of their own.
 * https://docs.aws.amazon.com/lambda/latest/api/API_GetAccountSettings.html,
 * https://docs.aws.amazon.com/lambda/latest/api/API_GetFunctionConcurrency.html
 */
export class LambdaQuotas {
  readonly #clients: LambdaClients;

  constructor(config: AwsConfig, accounts?: Accounts) {
    this.#clients = new LambdaClients(config, accounts);
  }

  /** An answer for each, in their order. Never throws: what cannot be read is an answer. */
  async of(targets: readonly (Place & { readonly function: string })[]): Promise<readonly QuotaAnswer[]> {
    const accounts = new Map<string, Promise<Settings>>();
    const functions = new Map<string, Promise<number | undefined>>();
    const once = <T>(asked: Map<string, Promise<T>>, key: string, ask: () => Promise<T>): Promise<T> => {
      const known = asked.get(key) ?? ask();
      asked.set(key, known);
      return known;
    };
    return await Promise.all(
      targets.map(async (target): Promise<QuotaAnswer> => {
        const place = this.#clients.keyOf(target);
        try {
          const [settings, reserved] = await Promise.all([
            once(accounts, place, () => this.#settings(target)),
            once(functions, `${place}/${target.function}`, () => this.#reserved(target)),
          ]);
          const quota = { ...settings, ...(reserved === undefined ? {} : { reserved }) };
          return { kind: "read", quota };
        } catch (error) {
          return { kind: isFinal(error) ? "denied" : "away", why: messageOf(error).slice(0, 200) };
        }
      }),
    );
  }

  async #settings(place: Place): Promise<Settings> {
    const { AccountLimit: limit, AccountUsage: usage } = await this.#clients
      .in(place)
      .send(new GetAccountSettingsCommand({}));
    const { ConcurrentExecutions: account, UnreservedConcurrentExecutions: unreserved = account } =
      limit ?? {};
    if (account === undefined || unreserved === undefined)
      throw new Error("Lambda tells no limit of the account");
    const [codeBytes, codeLimit] = [usage?.TotalCodeSize, limit?.TotalCodeSize];
    return {
      account,
      unreserved,
      ...(codeBytes === undefined || codeLimit === undefined ? {} : { codeBytes, codeLimit }),
    };
  }

  async #reserved(target: Place & { readonly function: string }): Promise<number | undefined> {
    const command = new GetFunctionConcurrencyCommand({ FunctionName: target.function });
    return (await this.#clients.in(target).send(command)).ReservedConcurrentExecutions;
  }
}
