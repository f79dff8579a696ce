import { GetFunctionConfigurationCommand, LambdaClient } from "@aws-sdk/client-lambda";
import type { Target } from "@gonogo/core/target/schema";
import { type AwsConfig, awsErrorName } from "../aws/config.ts";

/**
 * The digest of a version's code, as Lambda took it when the version was published; a version never changes.
 * https://docs.aws.amazon.com/lambda/latest/api/API_GetFunctionConfiguration.html
 */
export class LambdaCode {
  readonly #config: AwsConfig;
  readonly #clients = new Map<string, LambdaClient>();

  constructor(config: AwsConfig) {
    this.#config = config;
  }

  /** SHA-256 in hex; undefined for what is no function, or no version that is there. */
  async digestOf(target: Target, version: string): Promise<string | undefined> {
    if (target.kind !== "lambda-alias") return undefined;
    const command = new GetFunctionConfigurationCommand({
      FunctionName: target.function,
      Qualifier: version,
    });
    try {
      const { CodeSha256 } = await this.#client(target.region).send(command);
      return CodeSha256 === undefined ? undefined : Buffer.from(CodeSha256, "base64").toString("hex");
    } catch (error) {
      if (awsErrorName(error) === "ResourceNotFoundException") return undefined;
      throw error;
    }
  }

  #client(region = this.#config.region): LambdaClient {
    const known = this.#clients.get(region);
    if (known !== undefined) return known;
    const client = new LambdaClient({ ...this.#config, region });
    this.#clients.set(region, client);
    return client;
  }
}
