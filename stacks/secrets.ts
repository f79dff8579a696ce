import { SECRETS, type Secret } from "@gonogo/functions/entry/secrets";

/** As `npx sst secret set` takes it: GONOGO_APP_STORE is AppStore. */
export function secretName(secret: Secret): string {
  return secret
    .split("_")
    .slice(1)
    .map((word) => `${word[0]}${word.slice(1).toLowerCase()}`)
    .join("");
}

export type Secrets = Readonly<Record<Secret, $util.Output<string>>>;

/** Each is empty until it is set; what needs it is then not set up, and says so when a plan asks for it. */
export function secrets(): Secrets {
  return Object.fromEntries(
    (Object.keys(SECRETS) as Secret[]).map((one) => [one, new sst.Secret(secretName(one), "").value]),
  ) as Secrets;
}
