import { type Answer, call, type Outside } from "../http/call.ts";

export interface GitHubConfig extends Outside {
  /** A fine-grained token or an app's, with read access to checks, commit statuses and contents. */
  readonly token: string;
  /** `https://api.github.com`, or `https://github.example.com/api/v3`. */
  readonly baseUrl?: string;
}

export const GITHUB = "https://api.github.com";

/** One GET of GitHub's REST API. https://docs.github.com/rest */
export async function askGitHub(
  config: GitHubConfig,
  what: string,
  path: string,
  accept?: string,
): Promise<Answer> {
  return await call(config, {
    what: `GitHub, ${what}`,
    url: `${(config.baseUrl ?? GITHUB).replace(/\/$/, "")}${path}`,
    headers: gitHubHeaders(config.token, accept),
  });
}

export function gitHubHeaders(
  token: string,
  accept = "application/vnd.github+json",
): Readonly<Record<string, string>> {
  return {
    accept,
    authorization: `Bearer ${token}`,
    "user-agent": "gonogo",
    "x-github-api-version": "2022-11-28",
  };
}

/** What an answer that is no 200 means to whoever set this up. */
export function whyNot({ status, headers }: Answer): string {
  if (status === 401) return "GitHub does not know the token in GONOGO_PROBES";
  if (status === 403 && headers.get("x-ratelimit-remaining") === "0") return "GitHub's rate limit is used up";
  if (status === 403) return "the token in GONOGO_PROBES may not read this";
  if (status === 404) return "GitHub has no such thing, or the token may not see it";
  if (status >= 300 && status < 400) return "the repository has moved; write its new name";
  return `GitHub answered ${status}`;
}
