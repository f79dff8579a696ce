import { type HistoryConfig, RehearsalCheck, StagingCheck } from "@gonogo/adapters/history/index";
import { AgeCheck, HttpCheck } from "@gonogo/adapters/http/check";
import { guardedFetch, resolveName } from "@gonogo/adapters/http/guarded-fetch";
import { LambdaCode } from "@gonogo/adapters/lambda-alias/code";
import { TlsCheck } from "@gonogo/adapters/tls/index";
import type { CheckProbe } from "@gonogo/core/check/port";
import { askedSeldom } from "../../checks-asked-seldom.ts";
import { type Checks, ChecksByKind } from "../../checks-by-kind.ts";
import { NO_ROOT } from "../../no-root.ts";
import { defineLazily, type Process } from "../runtime.ts";
import { readSecret } from "../secrets.ts";
import { accountsOf } from "./accounts.ts";
import { store } from "./store.ts";

/** Each kind is made when it is first asked, so that one that is set up wrong does not stop the others. */
export function checks(process: Process): CheckProbe {
  const { environment, base, aws, settings } = process;
  const made: Checks = {};
  const now = () => base.clock.now();
  const outbound = () => {
    const { hosts = [], headers = {} } = readSecret("GONOGO_PROBES", environment) ?? {};
    return { fetch: guardedFetch(), resolve: resolveName, now, hosts, headers };
  };
  defineLazily(made, "http", () => new HttpCheck(outbound()));
  defineLazily(made, "age", () => new AgeCheck(outbound()));
  defineLazily(made, "tls", () => {
    const { hosts = [], ca } = readSecret("GONOGO_PROBES", environment) ?? {};
    return new TlsCheck({ hosts, ...(ca === undefined ? {} : { ca }) });
  });
  const code = new LambdaCode(aws, accountsOf(process));
  const codeOf: HistoryConfig["codeOf"] = (target, version) => code.digestOf(target, version);
  defineLazily(made, "staging", () => new StagingCheck({ store: store(process), codeOf }));
  defineLazily(made, "rehearsal", () => new RehearsalCheck({ store: store(process), codeOf }));
  const secret = () => readSecret("GONOGO_PROBES", environment) ?? {};
  const { GONOGO_SIGSTORE_ROOT: file } = settings;
  const more = { codeOf, aws, ...(file === NO_ROOT ? {} : { trustedRoot: file }) };
  for (const kind of ["backup", "ci", "change-log", "artifact", "on-call"] as const) {
    defineLazily(made, kind, () => askedSeldom(kind, secret(), outbound, more));
  }
  return new ChecksByKind(made);
}
