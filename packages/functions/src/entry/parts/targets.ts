import { AppStoreTarget } from "@gonogo/adapters/app-store/index";
import { accountsByRole } from "@gonogo/adapters/aws/accounts";
import { GooglePlayTarget } from "@gonogo/adapters/google-play/index";
import { LambdaAliasTarget } from "@gonogo/adapters/lambda-alias/index";
import type { TargetAdapters } from "@gonogo/adapters/targets";
import { defineLazily, type Process } from "../runtime.ts";
import { readSecret } from "../secrets.ts";
import { AccountRoles } from "../settings.ts";

/** Each is made when it is first used: a store's key that is wrong keeps no alias from being put back (S15). */
export function targets(process: Process): TargetAdapters {
  const adapters: TargetAdapters = {};
  defineLazily(adapters, "lambda-alias", () => {
    const roles = AccountRoles.parse(JSON.parse(process.settings.GONOGO_ACCOUNTS));
    return new LambdaAliasTarget(process.aws, accountsByRole(process.aws, roles));
  });
  defineLazily(adapters, "app-store", () => appStore(process));
  defineLazily(adapters, "google-play", () => googlePlay(process));
  return adapters;
}

function appStore({ environment, base }: Process): AppStoreTarget | undefined {
  const secret = readSecret("GONOGO_APP_STORE", environment);
  if (secret === undefined) return undefined;
  const { issuerId, keyId, privateKey, ...rest } = secret;
  const key = { issuerId, keyId, privateKey };
  return new AppStoreTarget({ fetch, now: () => base.clock.now(), key, ...rest });
}

function googlePlay({ environment, base }: Process): GooglePlayTarget | undefined {
  const secret = readSecret("GONOGO_GOOGLE_PLAY", environment);
  if (secret === undefined) return undefined;
  const { clientEmail, privateKey, packages } = secret;
  return new GooglePlayTarget({
    fetch,
    now: () => base.clock.now(),
    account: { clientEmail, privateKey },
    packages,
  });
}
