import { GetFunctionConfigurationCommand } from "@aws-sdk/client-lambda";
import type { Target } from "@gonogo/core/target/schema";
import type { Accounts } from "../aws/accounts.ts";
import { type AwsConfig, awsErrorName } from "../aws/config.ts";
import { LambdaClients } from "./clients.ts";

/**
 * The digest of a version's code, as Lambda took it when the version was published; a version never changes.
 * https://docs.aws.amazon.com/lambda/latest/api/API_GetFunctionConfiguration.html
 */
export class LambdaCode {
  readonly #clients: LambdaClients;

  /** `accounts` is how accounts other than the deployment's own are reached. */
  constructor(config: AwsConfig, accounts?: Accounts) {
    this.#clients = new LambdaClients(config, accounts);
  }

  /** SHA-256 in hex; undefined for what is no function, or no version that is there. */
  async digestOf(target: Target, version: string): Promise<string | undefined> {
    if (target.kind !== "lambda-alias") return undefined;
    const command = new GetFunctionConfigurationCommand({
      FunctionName: target.function,
      Qualifier: version,
    });
    try {
      const { CodeSha256 } = await this.#clients.in(target).send(command);
      return CodeSha256 === undefined ? undefined : Buffer.from(CodeSha256, "base64").toString("hex");
    } catch (error) {
      if (awsErrorName(error) === "ResourceNotFoundException") return undefined;
      throw error;
    }
  }
}
