import { unknown } from "@gonogo/core/check/look";
import type { CheckProbe, Look, LookRequest } from "@gonogo/core/check/port";
import type { ProbeOf } from "@gonogo/core/check/schema";
import { z } from "zod";
import { judgeChecks } from "../github/checks.ts";
import { call, type Outside, OutsideError } from "../http/call.ts";

export interface GitLabConfig extends Outside {
  /** With the scope `read_api`. */
  readonly token: string;
  /** `https://gitlab.com`, or one's own. */
  readonly baseUrl?: string;
}

const Statuses = z.array(
  z.looseObject({ name: z.string(), status: z.string(), allow_failure: z.boolean().default(false) }),
);
const PAGE = 100;
const MOST_PAGES = 10;

/**
 * Whether every job and outside status of a commit is green.
 * https://docs.gitlab.com/api/commits/#list-commit-statuses
 */
export class GitLabCi implements CheckProbe<ProbeOf<"ci">> {
  readonly #config: GitLabConfig;

  constructor(config: GitLabConfig) {
    this.#config = config;
  }

  async look({ probe }: LookRequest<ProbeOf<"ci">>): Promise<Look> {
    const source = `GitLab ${probe.repo}@${probe.commit.slice(0, 7)}`;
    const { baseUrl = "https://gitlab.com", token } = this.#config;
    const project = `${baseUrl.replace(/\/$/, "")}/api/v4/projects/${encodeURIComponent(probe.repo)}`;
    const found: z.infer<typeof Statuses> = [];
    try {
      for (let page = 1; ; page++) {
        if (page > MOST_PAGES)
          return unknown(source, `the commit has more than ${MOST_PAGES * PAGE} statuses`);
        const answer = await call(this.#config, {
          what: "GitLab, read statuses",
          url: `${project}/repository/commits/${probe.commit}/statuses?per_page=${PAGE}&page=${page}`,
          headers: { "private-token": token, accept: "application/json", "user-agent": "gonogo-probe" },
        });
        if (answer.status !== 200) return unknown(source, whyNot(answer.status));
        const parsed = Statuses.safeParse(answer.json);
        if (!parsed.success) return unknown(source, "GitLab's answer is not as documented");
        found.push(...parsed.data);
        if (parsed.data.length < PAGE) break;
      }
    } catch (error) {
      if (error instanceof OutsideError) return unknown(source, error.message);
      throw error;
    }
    const checks = found.map(({ name, status, allow_failure: may }) => ({
      name,
      state: stateOf(status, may),
    }));
    return judgeChecks(source, checks, probe);
  }
}

function stateOf(status: string, mayFail: boolean): "green" | "red" | "running" {
  if (status === "success" || status === "skipped" || status === "manual") return "green";
  if (status === "failed" || status === "canceled") return mayFail ? "green" : "red";
  return "running";
}

function whyNot(status: number): string {
  if (status === 401) return "GitLab does not know the token in GONOGO_PROBES";
  if (status === 403) return "the token in GONOGO_PROBES may not read this";
  if (status === 404) return "GitLab has no such project or commit, or the token may not see it";
  return `GitLab answered ${status}`;
}
