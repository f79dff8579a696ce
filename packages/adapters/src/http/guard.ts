import { isIP } from "node:net";
import { isPublicAddress } from "./address.ts";

/** Where requests whose URL comes out of a plan may go. */
export interface Guard {
  /** The addresses of a host name. */
  readonly resolve: (host: string) => Promise<readonly string[]>;
  /** Private and loopback addresses too: for one machine, or a service inside a VPC. */
  readonly allowPrivate?: boolean;
}

/** Why a URL out of a plan may not be asked; undefined when it may. */
export async function whyRefused(config: Guard, text: string): Promise<string | undefined> {
  const url = URL.parse(text);
  if (url === null) return `"${text.slice(0, 100)}" is not a URL`;
  if (url.protocol !== "https:" && url.protocol !== "http:") {
    return `${url.protocol} is not asked: write an http or https URL`;
  }
  if (url.username !== "" || url.password !== "") return `${shown(text)}: a URL with a password is not asked`;
  if (config.allowPrivate === true) return undefined;
  const host = url.hostname.replace(/^\[|\]$/g, "");
  const addresses = isIP(host) === 0 ? await config.resolve(host) : [host];
  const inside = addresses.find((address) => !isPublicAddress(address));
  if (addresses.length === 0) return `${host} has no address`;
  if (inside === undefined) return undefined;
  return `${host} is at ${inside}, which is not a public address; a deployment must allow private ones`;
}

/** A URL as it may stand in a log: queries and fragments can hold secrets. */
export function shown(text: string): string {
  const url = URL.parse(text);
  return url === null ? "the URL" : `${url.protocol}//${url.host}${url.pathname}`;
}
