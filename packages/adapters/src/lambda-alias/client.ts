import {
  GetAliasCommand,
  GetFunctionConfigurationCommand,
  ListVersionsByFunctionCommand,
  UpdateAliasCommand,
} from "@aws-sdk/client-lambda";
import { messageOf } from "@gonogo/core/kit/text";
import type { Accounts } from "../aws/accounts.ts";
import { type AwsConfig, awsErrorName } from "../aws/config.ts";
import { LambdaClients, type Place, UndeclaredAccount } from "./clients.ts";

/** An alias as Lambda describes it. */
export interface Alias {
  readonly primary: string;
  /** The additional version and its share, 0 to 1, where there is one. */
  readonly additional?: { readonly version: string; readonly weight: number };
  readonly revision: string;
}

/** What Lambda compares before it splits an alias between two versions. */
export interface Version {
  readonly role: string | undefined;
  readonly deadLetters: string | undefined;
  /** Why it cannot be invoked. */
  readonly failed: string | undefined;
}

export interface AliasName extends Place {
  readonly function: string;
  readonly alias: string;
}

export type UpdateResult =
  | { readonly kind: "updated"; readonly alias: Alias }
  /** The RevisionId that was named is no longer the newest (412). */
  | { readonly kind: "overtaken" }
  | { readonly kind: "refused"; readonly detail: string };

/** Of what AWS answers, these do not go away by asking again. */
const FINAL = [
  "InvalidParameterValueException",
  "ResourceNotFoundException",
  "AccessDeniedException",
  // So STS says it.
  "AccessDenied",
];

/** https://docs.aws.amazon.com/lambda/latest/api/API_UpdateAlias.html and its neighbours */
export class AliasClient {
  readonly #clients: LambdaClients;

  /** `accounts` is how accounts other than the deployment's own are reached. */
  constructor(config: AwsConfig, accounts?: Accounts) {
    this.#clients = new LambdaClients(config, accounts);
  }

  async get(name: AliasName): Promise<Alias> {
    const command = new GetAliasCommand({ FunctionName: name.function, Name: name.alias });
    return describe(await this.#clients.in(name).send(command));
  }

  /** The published version with the highest number; undefined when none has been published. */
  async newestVersion(name: AliasName): Promise<string | undefined> {
    let newest = 0;
    let marker: string | undefined;
    do {
      const page = await this.#clients
        .in(name)
        .send(
          new ListVersionsByFunctionCommand({ FunctionName: name.function, Marker: marker, MaxItems: 50 }),
        );
      for (const { Version } of page.Versions ?? []) newest = Math.max(newest, Number(Version) || 0);
      marker = page.NextMarker;
    } while (marker !== undefined);
    return newest === 0 ? undefined : String(newest);
  }

  /** A published version; undefined where it has been deleted, or never was. */
  async version(name: AliasName, version: string): Promise<Version | undefined> {
    const command = new GetFunctionConfigurationCommand({ FunctionName: name.function, Qualifier: version });
    try {
      const { Role, DeadLetterConfig, State, StateReason } = await this.#clients.in(name).send(command);
      const failed = State === "Failed" ? (StateReason ?? "it does not say why") : undefined;
      return { role: Role, deadLetters: DeadLetterConfig?.TargetArn, failed };
    } catch (error) {
      if (awsErrorName(error) === "ResourceNotFoundException") return undefined;
      throw error;
    }
  }

  /** Routes the alias. With a `revision` the write is refused unless that is still the newest. */
  async update(
    name: AliasName,
    route: { primary: string; additional?: { version: string; weight: number } },
    note: string,
    revision?: string,
  ): Promise<UpdateResult> {
    const { additional } = route;
    const command = new UpdateAliasCommand({
      FunctionName: name.function,
      Name: name.alias,
      FunctionVersion: route.primary,
      RoutingConfig: {
        AdditionalVersionWeights: additional === undefined ? {} : { [additional.version]: additional.weight },
      },
      Description: note.slice(0, 256),
      RevisionId: revision,
    });
    try {
      return { kind: "updated", alias: describe(await this.#clients.in(name).send(command)) };
    } catch (error) {
      const code = awsErrorName(error);
      if (code === "PreconditionFailedException") return { kind: "overtaken" };
      if (code !== undefined && FINAL.includes(code)) return { kind: "refused", detail: messageOf(error) };
      throw error;
    }
  }
}

/** Whether AWS says that there is no such function, alias or right, which asking again does not change. */
export function isFinal(error: unknown): boolean {
  return error instanceof UndeclaredAccount || FINAL.includes(awsErrorName(error) ?? "");
}

function describe(answer: {
  FunctionVersion?: string | undefined;
  RoutingConfig?: { AdditionalVersionWeights?: Record<string, number> | undefined } | undefined;
  RevisionId?: string | undefined;
}): Alias {
  const [additional] = Object.entries(answer.RoutingConfig?.AdditionalVersionWeights ?? {});
  return {
    primary: answer.FunctionVersion ?? "",
    revision: answer.RevisionId ?? "",
    ...(additional === undefined ? {} : { additional: { version: additional[0], weight: additional[1] } }),
  };
}
