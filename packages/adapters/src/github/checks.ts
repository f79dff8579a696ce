import { no, unknown, yes } from "@gonogo/core/check/look";
import type { CheckProbe, Look, LookRequest } from "@gonogo/core/check/port";
import type { ProbeOf } from "@gonogo/core/check/schema";
import { oneOf } from "@gonogo/core/kit/text";
import { z } from "zod";
import { OutsideError } from "../http/call.ts";
import { askGitHub, type GitHubConfig, whyNot } from "./client.ts";

const Runs = z.looseObject({
  total_count: z.number(),
  check_runs: z.array(
    z.looseObject({ name: z.string(), status: z.string(), conclusion: z.string().nullable() }),
  ),
});
const Statuses = z.looseObject({
  total_count: z.number(),
  statuses: z.array(z.looseObject({ context: z.string(), state: z.string() })),
});

/** Conclusions that stand in nobody's way, as branch protection takes them. */
const GOOD = ["success", "neutral", "skipped"];
const PAGE = 100;
/** Of a commit with more checks than this nothing is said. */
const MOST_PAGES = 10;

interface Checked {
  readonly name: string;
  readonly state: "green" | "red" | "running";
}

/**
 * Whether every check run and every status of a commit is green.
 * https://docs.github.com/rest/checks/runs#list-check-runs-for-a-git-reference,
 * https://docs.github.com/rest/commits/statuses#get-the-combined-status-for-a-specific-reference
 */
export class GitHubCi implements CheckProbe<ProbeOf<"ci">> {
  readonly #config: GitHubConfig;

  constructor(config: GitHubConfig) {
    this.#config = config;
  }

  async look({ probe }: LookRequest<ProbeOf<"ci">>): Promise<Look> {
    const source = `GitHub ${probe.repo}@${probe.commit.slice(0, 7)}`;
    const path = `/repos/${probe.repo.split("/").map(encodeURIComponent).join("/")}/commits/${probe.commit}`;
    try {
      const runs = await this.#all(`${path}/check-runs`, Runs, (page) =>
        page.check_runs.map(({ name, status, conclusion }) => ({
          name,
          state: status !== "completed" ? "running" : GOOD.includes(conclusion ?? "") ? "green" : "red",
        })),
      );
      if (typeof runs === "string") return unknown(source, runs);
      const statuses = await this.#all(`${path}/status`, Statuses, (page) =>
        page.statuses.map(({ context: name, state }) => ({
          name,
          state: state === "success" ? "green" : state === "pending" ? "running" : "red",
        })),
      );
      if (typeof statuses === "string") return unknown(source, statuses);
      return judgeChecks(source, [...runs, ...statuses], probe);
    } catch (error) {
      if (error instanceof OutsideError) return unknown(source, error.message);
      throw error;
    }
  }

  /** Every page of a list, or why it could not be had. */
  async #all<T extends { total_count: number }>(
    path: string,
    schema: z.ZodType<T>,
    read: (page: T) => Checked[],
  ): Promise<Checked[] | string> {
    const found: Checked[] = [];
    for (let page = 1; page <= MOST_PAGES; page++) {
      const answer = await askGitHub(this.#config, "read checks", `${path}?per_page=${PAGE}&page=${page}`);
      if (answer.status !== 200) return whyNot(answer);
      const parsed = schema.safeParse(answer.json);
      if (!parsed.success) return "GitHub's answer is not as documented";
      const items = read(parsed.data);
      found.push(...items);
      if (items.length === 0 || found.length >= parsed.data.total_count) return found;
    }
    return `the commit has more than ${MOST_PAGES * PAGE} checks`;
  }
}

/** The same for every system: nothing red, nothing under way, and all there that must be. */
export function judgeChecks(
  source: string,
  checks: readonly Checked[],
  { required, commit }: Pick<ProbeOf<"ci">, "required" | "commit">,
): Look {
  const named = (state: Checked["state"]) =>
    checks.filter((one) => one.state === state).map(({ name }) => name);
  const red = named("red");
  const running = named("running");
  const missing = required.filter((name) => !checks.some((one) => one.name === name));
  const more = { value: `${named("green").length} of ${checks.length} green`, digest: `git:${commit}` };
  const list = (names: readonly string[]) => oneOf([...new Set(names)].slice(0, 8), "and");
  if (red.length > 0) return no(source, `red: ${list(red)}`, more);
  if (running.length > 0) return no(source, `not over yet: ${list(running)}`, more);
  if (missing.length > 0) return no(source, `not there: ${list(missing)}`, more);
  if (checks.length === 0) return no(source, "nothing has checked this commit", more);
  return yes(source, `all ${checks.length} checks are green`, more);
}
