import { InvokeCommand, LambdaClient } from "@aws-sdk/client-lambda";
import type { AwsConfig } from "../aws/config.ts";

/** The function that examines the deployment: it alone may look at everything. */
export class DoctorFunction {
  readonly #client: LambdaClient;
  readonly #functionArn: string;

  constructor(config: AwsConfig, functionArn: string) {
    this.#client = new LambdaClient(config);
    this.#functionArn = functionArn;
  }

  /** What it answers, as JSON. Throws when it fails or cannot be reached. */
  async examine(): Promise<unknown> {
    const answer = await this.#client.send(
      new InvokeCommand({ FunctionName: this.#functionArn, Payload: new TextEncoder().encode("{}") }),
    );
    const text = new TextDecoder().decode(answer.Payload);
    if (answer.FunctionError !== undefined) throw new Error(`the examination failed: ${text.slice(0, 500)}`);
    return JSON.parse(text);
  }
}
