import { guardedFetch, resolveName } from "@gonogo/adapters/http/guarded-fetch";
import { probe as request } from "@gonogo/adapters/http/probe";
import type { Runtime } from "../../runtime.ts";

/** Public addresses only: what a plan names is not asked inside of the account's network. */
export function probe(): Runtime["probe"] {
  const config = { fetch: guardedFetch(), resolve: resolveName };
  return (step) => request(config, step);
}
