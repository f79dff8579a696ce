import { type Answer, type Call, call, dig, digText, type Outside, OutsideError } from "../http/call.ts";

export interface ConfluenceConfig extends Outside {
  /** `https://example.atlassian.net`. */
  readonly site: string;
  /** Of the account whose token it is. */
  readonly email: string;
  readonly token: string;
  /** The number of the space, and of the page under which releases are put. */
  readonly spaceId: string;
  readonly parentId?: string;
}

const LONGEST_WORDS = 200;

/** One request to Confluence Cloud. https://developer.atlassian.com/cloud/confluence/rest/v2/intro/ */
export async function askConfluence(
  config: ConfluenceConfig,
  what: string,
  path: string,
  more: Pick<Call, "method" | "body" | "headers"> = {},
): Promise<Answer> {
  const account = Buffer.from(`${config.email}:${config.token}`, "utf8").toString("base64");
  return await call(config, {
    what: `Confluence, ${what}`,
    url: `${config.site.replace(/\/$/, "")}/wiki${path}`,
    ...more,
    headers: { accept: "application/json", authorization: `Basic ${account}`, ...more.headers },
  });
}

/** What Confluence says of a refusal, in either of its forms. */
export function saidBy({ json }: Answer): string | undefined {
  const said = digText(json, "errors", 0, "title") ?? digText(json, "message");
  return said?.slice(0, LONGEST_WORDS);
}

export function refused(answer: Answer, what: string): OutsideError {
  return new OutsideError(whyNot(answer, what), { retryable: false, status: answer.status });
}

/** What an answer means to whoever set this up. */
export function whyNot(answer: Answer, what: string): string {
  const { status } = answer;
  const said = saidBy(answer);
  if (status === 401) return "Confluence does not know the account and token in GONOGO_ARCHIVES";
  if (status === 403) return `the account in GONOGO_ARCHIVES may not ${what}`;
  if (status === 404)
    return `Confluence has no such ${what.split(" ").at(-1)}, or the account may not see it`;
  return `Confluence answered ${status} to ${what}${said === undefined ? "" : ` (${said})`}`;
}

export function listed(answer: Answer): readonly unknown[] {
  const results = dig(answer.json, "results");
  return Array.isArray(results) ? results : [];
}
