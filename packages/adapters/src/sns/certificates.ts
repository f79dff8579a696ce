import { X509Certificate } from "node:crypto";
import { type Instant, toMillis } from "@gonogo/core/kit/instant";
import { call, type Outside } from "../http/call.ts";

/** Anchored at both ends: `sns.eu-west-1.amazonaws.com.example.org` is somebody else's. */
const HOST = /^sns\.[a-z]{2,}(?:-[a-z]+)+-\d{1,2}\.amazonaws\.com(?:\.cn)?$/;
const PATH = /^\/SimpleNotificationService-[A-Za-z0-9]{1,64}\.pem$/;

/** Whether an address is one of SNS itself, over HTTPS on the usual port. */
export function isSnsUrl(text: string): boolean {
  const url = URL.parse(text);
  return (
    url !== null &&
    url.protocol === "https:" &&
    HOST.test(url.hostname) &&
    url.port === "" &&
    url.username === "" &&
    url.password === ""
  );
}

/** Whether an address is that of a signing certificate of SNS. */
export function isCertificateUrl(text: string): boolean {
  const url = URL.parse(text);
  return isSnsUrl(text) && url !== null && PATH.test(url.pathname) && url.search === "" && url.hash === "";
}

/** Where the certificates come from that SNS signs with. Throws a retryable OutsideError. */
export interface Certificates {
  /** Undefined when there is no valid certificate of SNS at the address. */
  get(url: string, now: Instant): Promise<X509Certificate | undefined>;
}

const MOST_CACHED = 20;

/**
 * Fetches each certificate once. Its address names it, and is checked before anything is fetched, so that a
 * forged message can neither choose a key nor send us anywhere.
 */
export function fetchCertificates(outside: Outside): Certificates {
  const cache = new Map<string, X509Certificate>();
  return {
    async get(url, now) {
      if (!isCertificateUrl(url)) return undefined;
      const certificate = cache.get(url) ?? (await load(outside, url));
      if (certificate === undefined || !isValid(certificate, now)) return undefined;
      if (cache.size >= MOST_CACHED) cache.clear();
      cache.set(url, certificate);
      return certificate;
    },
  };
}

async function load(outside: Outside, url: string): Promise<X509Certificate | undefined> {
  const answer = await call(outside, { what: "Amazon SNS, read certificate", url });
  if (answer.status !== 200) return undefined;
  try {
    return new X509Certificate(answer.text);
  } catch {
    return undefined;
  }
}

function isValid(certificate: X509Certificate, now: Instant): boolean {
  const moment = toMillis(now);
  return (
    /^CN=sns(\.[a-z0-9-]+)?\.amazonaws\.com(\.cn)?$/m.test(certificate.subject) &&
    Date.parse(certificate.validFrom) <= moment &&
    moment <= Date.parse(certificate.validTo)
  );
}
