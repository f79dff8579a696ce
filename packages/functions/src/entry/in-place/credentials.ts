import { fromEnv } from "@aws-sdk/credential-provider-env";

/**
 * Stands in the bundles for the SDK's chain of ways to credentials. Lambda puts them into the environment and
 * ends the environment before they expire; profiles, SSO and the metadata of machines have no place there.
 * https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html
 */
export const defaultProvider = fromEnv;
