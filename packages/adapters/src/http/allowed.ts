import { type Answer, call, type Outside } from "./call.ts";
import { type Guard, shown, whyRefused } from "./guard.ts";

/** Where the probes of a checklist may go: hosts that the deployment lists, and of those public addresses only. */
export interface Allowed extends Outside, Guard {
  /** `api.example.org`, or `*.example.org` for all below it. */
  readonly hosts: readonly string[];
  /** What is sent along, by host, over https only: `{ "api.example.org": { authorization: "Bearer …" } }`. */
  readonly headers?: Readonly<Record<string, Readonly<Record<string, string>>>>;
}

/** Something that may not be asked for. The message says what would have to be set up. */
export class NotAllowed extends Error {
  constructor(message: string) {
    super(message);
    this.name = "NotAllowed";
  }
}

/** Whether a host is listed. A name with a port is listed without it. */
export function isListed(hosts: readonly string[], host: string): boolean {
  const wanted = host.toLowerCase();
  return hosts.some((one) => {
    const listed = one.toLowerCase();
    return listed.startsWith("*.") ? wanted.endsWith(listed.slice(1)) : wanted === listed;
  });
}

/** Throws NotAllowed where a URL out of a plan must not be asked. */
export async function mustBeAllowed(config: Allowed, url: string): Promise<void> {
  const host = URL.parse(url)?.hostname ?? "";
  if (!isListed(config.hosts, host)) {
    throw new NotAllowed(
      `${host || "the address"} is not among the hosts that probes may ask; list it in GONOGO_PROBES`,
    );
  }
  let refusal: string | undefined;
  try {
    refusal = await whyRefused(config, url);
  } catch {
    throw new NotAllowed(`${host} cannot be found`);
  }
  if (refusal !== undefined) throw new NotAllowed(refusal);
}

/** One GET of a listed host: no redirects, a time-out, a bounded answer. Throws NotAllowed and OutsideError. */
export async function callAllowed(config: Allowed, url: string): Promise<Answer> {
  await mustBeAllowed(config, url);
  return await call(config, { what: shown(url), url, headers: headersFor(config, url) });
}

/** What goes along to a host; never in the clear. */
export function headersFor({ headers = {} }: Allowed, url: string): Readonly<Record<string, string>> {
  const parsed = URL.parse(url);
  const own = parsed?.protocol === "https:" ? headers[parsed.hostname] : undefined;
  return { accept: "*/*", "user-agent": "gonogo-probe", ...own };
}
