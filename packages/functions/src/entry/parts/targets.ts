import { type AppStore, revertCommand as pauseInConnect } from "@gonogo/adapters/app-store/command";
import { type GooglePlay, revertCommand as haltInConsole } from "@gonogo/adapters/google-play/command";
import { LambdaAliasTarget } from "@gonogo/adapters/lambda-alias/index";
import type { TargetAdapters } from "@gonogo/adapters/targets";
import type { TrafficTarget } from "@gonogo/core/target/port";
import { defineLazily, type Process } from "../runtime.ts";
import { readSecret } from "../secrets.ts";
import { accountsOf } from "./accounts.ts";
import { deferred } from "./deferred.ts";

/**
 * Each is made when it is first used: a store's key that is wrong keeps no alias from being put back (S15). A
 * store's code is loaded when it is asked for something.
 */
export function targets(process: Process): TargetAdapters {
  const adapters: TargetAdapters = {};
  defineLazily(adapters, "lambda-alias", () => {
    return new LambdaAliasTarget(process.aws, accountsOf(process));
  });
  defineLazily(adapters, "app-store", () => appStore(process));
  defineLazily(adapters, "google-play", () => googlePlay(process));
  return adapters;
}

/** What a store's adapter does by asking the store. */
const ASKS = ["pin", "read", "shift", "revert", "hold", "free"] as const;

function appStore({ environment, base }: Process): TrafficTarget<AppStore> | undefined {
  const secret = readSecret("GONOGO_APP_STORE", environment);
  if (secret === undefined) return undefined;
  const { issuerId, keyId, privateKey, ...rest } = secret;
  const key = { issuerId, keyId, privateKey };
  const load = async (): Promise<TrafficTarget<AppStore>> => {
    const { AppStoreTarget } = await import("@gonogo/adapters/app-store/index");
    return new AppStoreTarget({ fetch, now: () => base.clock.now(), key, ...rest });
  };
  return { ...deferred(load, ASKS), revertCommand: pauseInConnect };
}

function googlePlay({ environment, base }: Process): TrafficTarget<GooglePlay> | undefined {
  const secret = readSecret("GONOGO_GOOGLE_PLAY", environment);
  if (secret === undefined) return undefined;
  const { clientEmail, privateKey, packages } = secret;
  const load = async (): Promise<TrafficTarget<GooglePlay>> => {
    const { GooglePlayTarget } = await import("@gonogo/adapters/google-play/index");
    return new GooglePlayTarget({
      fetch,
      now: () => base.clock.now(),
      account: { clientEmail, privateKey },
      packages,
    });
  };
  return { ...deferred(load, ASKS), revertCommand: haltInConsole };
}
