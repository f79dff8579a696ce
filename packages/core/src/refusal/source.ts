/**
 * Where a request comes from: the address that the connection has, and the one that it says it stands for. The first
 * cannot be forged. The second can by whoever connects themselves, and is true where CloudFront does.
 */
export interface Source {
  readonly address: string;
  readonly standsFor?: string;
}

const ADDRESS = /^[0-9a-f:.]{2,45}$/i;

/**
 * A request's source. `X-Forwarded-For` is read from its end, where those stand who added to it last: the connection's
 * own address is left out, the one before it is who that connection says it stands for (RFC 7239 8.1 says why no
 * more of it is to be believed).
 */
export function sourceOf(address: string | undefined, forwardedFor?: string | undefined): Source {
  const own = address === undefined ? "unknown" : plainAddress(address);
  const others = (forwardedFor ?? "")
    .slice(-1_000)
    .split(",")
    .map((one) => plainAddress(one.trim()))
    .filter((one) => one !== own);
  const last = others.at(-1);
  return last === undefined || !ADDRESS.test(last) ? { address: own } : { address: own, standsFor: last };
}

/**
 * What failures are counted by. Whoever forges what they stand for only divides their own allowance, and never uses
 * up that of somebody else; what all of it comes to is counted by the connection's address.
 */
export function countedBy({ address, standsFor = "" }: Source): {
  readonly narrow: string;
  readonly wide: string;
} {
  const wide = wholeOf(address);
  return { narrow: `${wide}|${standsFor === "" ? "" : wholeOf(standsFor)}`, wide };
}

/** As much of it as is shown and kept: the network, which is no one person's. */
export function networkOf({ address, standsFor }: Source): string {
  const by = shortened(address);
  return standsFor === undefined ? by : `${shortened(standsFor)} by ${by}`;
}

/** One household or server has a whole /64 of IPv6 to itself. */
function wholeOf(address: string): string {
  return address.includes(":") ? `${groups(address).slice(0, 4).join(":")}::/64` : address;
}

function shortened(address: string): string {
  if (address.includes(":")) return `${groups(address).slice(0, 3).join(":")}::/48`;
  const parts = address.split(".");
  return parts.length === 4 ? `${parts.slice(0, 3).join(".")}.0/24` : address;
}

/** The eight groups of an IPv6 address, with what `::` stands for written out. */
function groups(address: string): string[] {
  const [head = "", tail] = address.toLowerCase().split("::");
  const before = head === "" ? [] : head.split(":");
  const after = tail === undefined || tail === "" ? [] : tail.split(":");
  const between =
    tail === undefined ? [] : Array<string>(Math.max(0, 8 - before.length - after.length)).fill("0");
  return [...before, ...between, ...after].map((group) => group.replace(/^0+(?=.)/, ""));
}

/** Without the port that some proxies add, and IPv4 as itself where it is written as IPv6. */
function plainAddress(text: string): string {
  const bare = /^\[(.+)\](?::\d+)?$/.exec(text)?.[1] ?? /^([\d.]+):\d+$/.exec(text)?.[1] ?? text;
  return /^::ffff:([\d.]+)$/i.exec(bare)?.[1] ?? bare;
}
