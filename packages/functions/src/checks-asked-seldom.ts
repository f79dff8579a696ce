import type { AwsConfig } from "@gonogo/adapters/aws/config";
import type { Allowed } from "@gonogo/adapters/http/allowed";
import type { Outside } from "@gonogo/adapters/http/call";
import { unknown } from "@gonogo/core/check/look";
import type { CheckProbe, Look, LookRequest } from "@gonogo/core/check/port";
import type { ProbeOf } from "@gonogo/core/check/schema";
import type { Target } from "@gonogo/core/target/schema";
import type { SecretOf } from "./entry/secrets.ts";

type Secret = Partial<SecretOf<"GONOGO_PROBES">>;
type CodeOf = (target: Target, version: string) => Promise<string | undefined>;
type Kind = "backup" | "ci" | "change-log" | "artifact" | "on-call";

/**
 * Probes whose clients are loaded only when they are asked: parsers and verifiers that a visit to most releases
 * has no use for. One whose system is not set up says so, and what to set up.
 */
export function askedSeldom(
  kind: Kind,
  { github, gitlab, pagerduty }: Secret,
  allowed: () => Allowed,
  {
    codeOf = async () => undefined,
    aws,
    trustedRoot,
  }: { readonly codeOf?: CodeOf; readonly aws?: AwsConfig; readonly trustedRoot?: string } = {},
): CheckProbe<never> {
  // Systems that the deployment names are reached at their own addresses, wherever those are.
  const direct = (): Outside => ({ fetch, now: allowed().now });
  const by: { readonly [K in Kind]: (request: LookRequest<ProbeOf<K>>) => Promise<Look> } = {
    backup: async (request) => {
      if (aws === undefined) return unknown("AWS Backup", "this deployment has no AWS to ask");
      const { BackupCheck } = await import("@gonogo/adapters/aws-backup/index");
      return await new BackupCheck(aws).look(request);
    },
    ci: async (request) => {
      const { system } = request.probe;
      const own = system === "github" ? github : gitlab;
      if (own === undefined) return unknown(system, notSetUp(system));
      if (system === "gitlab") {
        const { GitLabCi } = await import("@gonogo/adapters/gitlab/index");
        return await new GitLabCi({ ...direct(), ...own }).look(request);
      }
      const { GitHubCi } = await import("@gonogo/adapters/github/checks");
      return await new GitHubCi({ ...direct(), ...own }).look(request);
    },
    "change-log": async (request) => {
      if (github === undefined) return unknown("github", notSetUp("github"));
      const { ChangeLog } = await import("@gonogo/adapters/github/change-log");
      return await new ChangeLog({ ...direct(), ...github }).look(request);
    },
    artifact: async (request) => {
      const { ArtifactCheck } = await import("@gonogo/adapters/artifact/index");
      const root = trustedRoot === undefined ? {} : { trustedRoot };
      return await new ArtifactCheck({ outbound: allowed(), codeOf, ...root }).look(request);
    },
    "on-call": async (request) => {
      const { OnCallCheck } = await import("@gonogo/adapters/pagerduty/check");
      const own = pagerduty === undefined ? undefined : { ...direct(), ...pagerduty };
      return await new OnCallCheck({ pagerduty: own, feeds: allowed() }).look(request);
    },
  };
  return { look: by[kind] as CheckProbe<never>["look"] };
}

function notSetUp(system: string): string {
  return `this deployment is not set up for ${system}; GONOGO_PROBES takes ${system}: { token }`;
}
