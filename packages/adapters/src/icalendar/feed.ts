import { call, type Outside, OutsideError } from "../http/call.ts";

/** Where calendars may be fetched from. */
export interface FeedConfig extends Outside {
  /** Host names, in full: `calendar.example.com`. */
  readonly hosts: readonly string[];
}

/**
 * Fetches a calendar's text from a host that the deployment allows: over https, without following a redirect,
 * and no more than call() reads. Throws OutsideError, which names the host and never the whole address, for
 * an address of a calendar is often the only secret it has.
 */
export async function fetchFeed(config: FeedConfig, address: string): Promise<string> {
  const refused = whyNoFeed(config.hosts, address);
  if (refused !== undefined) throw new OutsideError(refused, { retryable: false });
  const what = `calendar at ${new URL(address).hostname}`;
  const answer = await call(config, { what, url: address, headers: { accept: "text/calendar" } });
  if (answer.status === 200) return answer.text;
  const why =
    answer.status >= 300 && answer.status < 400
      ? "redirects elsewhere; give the address that it leads to"
      : `answered ${answer.status}`;
  throw new OutsideError(`${what}: ${why}`, { retryable: false, status: answer.status });
}

/** Why a feed's address is not fetched; undefined when it may be. */
export function whyNoFeed(hosts: readonly string[], address: string): string | undefined {
  const url = URL.parse(address);
  if (url === null || url.protocol !== "https:") return "a feed is fetched over https";
  if (url.username !== "" || url.password !== "") return "a feed's address has no password in it";
  if (url.port !== "") return "a feed is fetched from https's own port";
  const host = url.hostname.toLowerCase();
  if (hosts.some((one) => one.toLowerCase() === host)) return undefined;
  const known = hosts.length === 0 ? "none is allowed" : `allowed are ${hosts.join(", ")}`;
  return `this deployment fetches no calendar from ${host}: ${known} (GONOGO_CALENDARS)`;
}
