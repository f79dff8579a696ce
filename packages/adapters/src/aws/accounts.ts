import type { AwsConfig } from "./config.ts";

/** A role in another account that lets this deployment move what is declared there. */
export interface AccountRole {
  /** Twelve digits. */
  readonly account: string;
  readonly role: string;
  /** Proves that it is this deployment which asks, and nobody who talked it into asking. */
  readonly externalId: string;
}

/** How an account is reached; undefined where this deployment may do nothing in it. */
export type Accounts = (account: string) => AwsConfig | undefined;

/** The shortest that STS gives. Nothing of gonogo runs for longer. */
const SESSION_SECONDS = 900;

/**
 * Reaches other accounts by the roles that they let this one take on. The SDK keeps a session until shortly
 * before its end, and then asks for another.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_common-scenarios_third-party.html
 */
export function accountsByRole(config: AwsConfig, roles: readonly AccountRole[]): Accounts {
  return (account) => {
    const role = roles.find((one) => one.account === account);
    return role === undefined ? undefined : { ...config, credentials: () => assume(config, role) };
  };
}

async function assume(config: AwsConfig, { role, externalId }: AccountRole) {
  // Loaded when another account is reached: most deployments have one, and a cold start none to spare.
  const { AssumeRoleCommand, STSClient } = await import("@aws-sdk/client-sts");
  const client = new STSClient(config);
  const { Credentials: given } = await client.send(
    new AssumeRoleCommand({
      RoleArn: role,
      ExternalId: externalId,
      RoleSessionName: "gonogo",
      DurationSeconds: SESSION_SECONDS,
    }),
  );
  if (!given?.AccessKeyId || !given.SecretAccessKey || !given.SessionToken || !given.Expiration) {
    throw new Error(`STS gave no credentials for ${role}`);
  }
  return {
    accessKeyId: given.AccessKeyId,
    secretAccessKey: given.SecretAccessKey,
    sessionToken: given.SessionToken,
    expiration: given.Expiration,
  };
}
