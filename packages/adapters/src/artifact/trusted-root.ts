import { X509Certificate } from "node:crypto";
import { readFile } from "node:fs/promises";
import { days } from "@gonogo/core/kit/duration";
import { fromMillis, type Instant, parseInstant, plus, stamped } from "@gonogo/core/kit/instant";
import { messageOf } from "@gonogo/core/kit/text";
import { z } from "zod";

const Span = z.looseObject({ start: z.string().optional(), end: z.string().optional() });
const Log = z.looseObject({
  baseUrl: z.string(),
  publicKey: z.looseObject({ rawBytes: z.string(), validFor: Span.optional() }),
});
const Authority = z.looseObject({
  uri: z.string().optional(),
  certChain: z.looseObject({ certificates: z.array(z.looseObject({ rawBytes: z.string() })).min(1) }),
  validFor: Span.optional(),
});

/**
 * Whose signatures are believed: certificate authorities, transparency logs, and authorities that tell the time.
 * https://github.com/sigstore/protobuf-specs/blob/main/protos/sigstore_trustroot.proto
 */
export const TrustedRootFile = z.looseObject({
  mediaType: z.string().regex(/^application\/vnd\.dev\.sigstore\.trustedroot/, "is of no trusted root"),
  tlogs: z.array(Log).min(1),
  certificateAuthorities: z.array(Authority).min(1),
  ctlogs: z.array(Log).min(1),
  timestampAuthorities: z.array(Authority).default([]),
});
export type TrustedRootFile = z.infer<typeof TrustedRootFile>;

/** Reads the file that the deployment was given. Throws an Error that says what is wrong with it. */
export async function readTrustedRoot(file: string): Promise<TrustedRootFile> {
  let json: unknown;
  try {
    json = JSON.parse(await readFile(file, "utf8"));
  } catch (error) {
    const code =
      typeof error === "object" && error !== null && "code" in error ? `${error.code}` : messageOf(error);
    throw new Error(`the trusted root ${file} cannot be read (${code})`);
  }
  const read = TrustedRootFile.safeParse(json);
  if (read.success) return read.data;
  const [first] = read.error.issues;
  throw new Error(`${file} is no trusted root: ${first?.path.join(".") || "the top"} ${first?.message}`);
}

export interface RootStanding {
  readonly condition: "well" | "warning" | "ill";
  readonly says: string;
}

/** So long before it ends people are told. */
const SOON = days(30);

/** Whether what is signed today could be verified with it, and until when. */
export function standingOf(root: TrustedRootFile, now: Instant): RootStanding {
  const kinds = [
    { what: "certificate authority", spans: root.certificateAuthorities.map(spanOfAuthority) },
    { what: "transparency log", spans: root.tlogs.map(({ publicKey }) => spanOf(publicKey.validFor)) },
    { what: "certificate log", spans: root.ctlogs.map(({ publicKey }) => spanOf(publicKey.validFor)) },
  ].map(({ what, spans }) => {
    const current = spans.filter(({ start, end }) => start <= now && now < end);
    return {
      what,
      until: current
        .map(({ end }) => end)
        .toSorted()
        .at(-1),
    };
  });
  const gone = kinds.find(({ until }) => until === undefined);
  if (gone !== undefined) {
    return {
      condition: "ill",
      says: `no ${gone.what} in it is valid any more: what is signed today is refused`,
    };
  }
  const newest = [
    ...root.certificateAuthorities.map(spanOfAuthority),
    ...root.tlogs.map(({ publicKey }) => spanOf(publicKey.validFor)),
  ]
    .map(({ start }) => start)
    .toSorted()
    .at(-1);
  const of = newest === undefined ? "" : `; its newest part is of ${stamped(newest).slice(0, 10)}`;
  const [first] = kinds.toSorted((a, b) => (a.until ?? FOREVER).localeCompare(b.until ?? FOREVER));
  const until = first?.until ?? FOREVER;
  if (until >= FOREVER) return { condition: "well", says: `it names no end${of}` };
  const says = `it holds until ${stamped(until)}, when its last ${first?.what} ends${of}`;
  return { condition: until < plus(now, SOON) ? "warning" : "well", says };
}

const ALWAYS = "0000-01-01T00:00:00.000Z" as Instant;
const FOREVER = "9999-01-01T00:00:00.000Z" as Instant;

function spanOf({ start, end }: z.infer<typeof Span> = {}): { start: Instant; end: Instant } {
  return {
    start: (start === undefined ? undefined : parseInstant(start)) ?? ALWAYS,
    end: (end === undefined ? undefined : parseInstant(end)) ?? FOREVER,
  };
}

/** Its own span, and no longer than the first of its certificates holds. */
function spanOfAuthority({ validFor, certChain }: z.infer<typeof Authority>) {
  const { start, end } = spanOf(validFor);
  const ends = certChain.certificates.map(({ rawBytes }) =>
    fromMillis(new X509Certificate(Buffer.from(rawBytes, "base64")).validToDate.getTime()),
  );
  return { start, end: [end, ...ends].toSorted()[0] ?? end };
}
