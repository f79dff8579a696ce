import { type LookupAddress, lookup as lookupName } from "node:dns";
import type { LookupFunction } from "node:net";
import { connect, type PeerCertificate, type TLSSocket } from "node:tls";
import { no, unknown, yes } from "@gonogo/core/check/look";
import type { CheckProbe, Look, LookRequest } from "@gonogo/core/check/port";
import type { ProbeOf } from "@gonogo/core/check/schema";
import { ms, roundedUp, spoken, toMs } from "@gonogo/core/kit/duration";
import { fromMillis, type Instant, minus, toMillis } from "@gonogo/core/kit/instant";
import { isPublicAddress } from "../http/address.ts";
import { isListed } from "../http/allowed.ts";

export interface TlsConfig {
  readonly hosts: readonly string[];
  readonly allowPrivate?: boolean;
  readonly timeoutMs?: number;
  /** Certificates that are trusted besides the system's: of a company's own authority. */
  readonly ca?: readonly string[];
}

const TIMEOUT_MS = 10_000;

/** Shakes hands as any client does, and looks at the certificate that is shown. Nothing else is sent. */
export class TlsCheck implements CheckProbe<ProbeOf<"tls">> {
  readonly #config: TlsConfig;

  constructor(config: TlsConfig) {
    this.#config = config;
  }

  async look({ probe, now }: LookRequest<ProbeOf<"tls">>): Promise<Look> {
    const { host, port, validFor } = probe;
    const source = `${host}:${port}`;
    if (!isListed(this.#config.hosts, host)) {
      return unknown(source, `${host} is not among the hosts that probes may ask; list it in GONOGO_PROBES`);
    }
    const shook = await shakeHands(this.#config, host, port);
    if (shook.kind === "unreachable") return unknown(source, shook.why);
    if (shook.kind === "untrusted")
      return no(source, `its certificate is not trusted: ${shook.why}`, { value: shook.why });
    return judge(source, shook.certificate, { now, validFor });
  }
}

function judge(
  source: string,
  certificate: PeerCertificate,
  { now, validFor }: { now: Instant; validFor: ProbeOf<"tls">["validFor"] },
): Look {
  const until = fromMillis(Date.parse(certificate.valid_to));
  const from = fromMillis(Date.parse(certificate.valid_from));
  const digest = `sha256:${certificate.fingerprint256.replaceAll(":", "").toLowerCase()}`;
  const left = toMillis(until) - toMillis(now);
  const more = { value: until, digest, until: minus(until, validFor) };
  if (now < from) return no(source, `its certificate is valid only from ${from}`, more);
  if (left <= 0) return no(source, `its certificate was valid until ${until}`, more);
  const yet = spoken(roundedUp(ms(left)));
  return left >= toMs(validFor)
    ? yes(source, `its certificate is valid until ${until}, for another ${yet}`, more)
    : no(source, `its certificate is valid for another ${yet} only, until ${until}`, more);
}

type Shaken =
  | { readonly kind: "shown"; readonly certificate: PeerCertificate }
  | { readonly kind: "untrusted"; readonly why: string }
  | { readonly kind: "unreachable"; readonly why: string };

function shakeHands(config: TlsConfig, host: string, port: number): Promise<Shaken> {
  const { promise, resolve } = Promise.withResolvers<Shaken>();
  const { timeoutMs = TIMEOUT_MS, allowPrivate = false, ca } = config;
  let socket: TLSSocket | undefined;
  const end = (result: Shaken) => {
    clearTimeout(late);
    socket?.destroy();
    resolve(result);
  };
  const late = setTimeout(
    () => end({ kind: "unreachable", why: `no handshake within ${timeoutMs / 1000} s` }),
    timeoutMs,
  );
  socket = connect({
    host,
    port,
    servername: host,
    // The look at the certificate's own time is made with the clock of whoever asks.
    rejectUnauthorized: false,
    ...(ca === undefined ? {} : { ca: [...ca] }),
    ...(allowPrivate ? {} : { lookup: publicLookup }),
  });
  socket.once("secureConnect", () => {
    const certificate = socket?.getPeerCertificate();
    const why = String(socket?.authorizationError ?? "");
    if (certificate?.fingerprint256 === undefined) return end({ kind: "untrusted", why: "it shows none" });
    const isOnlyTime = why === "CERT_HAS_EXPIRED" || why === "CERT_NOT_YET_VALID";
    if (socket?.authorized === true || isOnlyTime) return end({ kind: "shown", certificate });
    end({ kind: "untrusted", why });
  });
  socket.once("error", (error: NodeJS.ErrnoException) => {
    end({ kind: "unreachable", why: `cannot be reached (${error.code ?? "no handshake"})` });
  });
  return promise;
}

/** Private addresses are refused as it connects, so that a name that changes in between does not get through. */
const publicLookup: LookupFunction = (host, options, answer) => {
  lookupName(host, { ...options, all: true }, (error, addresses: LookupAddress[]) => {
    if (error !== null) return answer(error, []);
    if (addresses.some(({ address }) => !isPublicAddress(address))) {
      return answer(Object.assign(new Error("not a public address"), { code: "ENOTPUBLIC" }), []);
    }
    const [first] = addresses;
    if (options.all === true || first === undefined) return answer(null, addresses);
    answer(null, first.address, first.family);
  });
};
