import { z } from "zod";
import { days, hours } from "../kit/duration.ts";
import { duration, ident, line } from "../kit/schema.ts";

const url = z.url({ protocol: /^https?$/ }).max(2_000);
const jsonPointer = z
  .string()
  .max(500)
  .regex(/^(\/[^/]*)*$/, "a JSON pointer such as /status (RFC 6901)");
const plainValue = z.union([line, z.number(), z.boolean()]);
const repo = z
  .string()
  .max(200)
  .regex(/^[\w.-]+(\/[\w.-]+)+$/, "a repository, such as owner/name");
const sha256 = z
  .string()
  .regex(/^[0-9a-f]{64}$/, "a SHA-256 in 64 lower-case hex digits")
  .describe("The digest of what was built and tested.");

const HttpProbe = z
  .strictObject({
    kind: z.literal("http"),
    url: url.describe("What is asked for. No secret belongs here: a deployment adds its headers itself."),
    status: z.number().int().min(100).max(599).default(200).describe("The status that the answer must have."),
    pointer: jsonPointer.optional().describe("Where in the JSON answer to look."),
    equals: plainValue.optional().describe("What must stand there."),
    atLeast: z.number().optional().describe("The number there must be no less."),
  })
  .refine(
    (probe) => (probe.pointer === undefined) === (probe.equals === undefined && probe.atLeast === undefined),
    {
      message: "`pointer` says where to look: write `equals` or `atLeast` with it, or none of them",
    },
  )
  .describe("An HTTP request is answered as it should be, now.");

const TlsProbe = z
  .strictObject({
    kind: z.literal("tls"),
    host: z.hostname().describe("Whose certificate."),
    port: z.number().int().min(1).max(65_535).default(443).describe("The port it is shown on."),
    validFor: duration.default(days(30)).describe("How long it must be valid yet."),
  })
  .describe("A certificate is trusted, is for this host, and is valid for long enough.");

const AgeProbe = z
  .strictObject({
    kind: z.literal("age"),
    url: url.describe("What is asked for."),
    pointer: jsonPointer.describe("Where in the JSON answer the time stands."),
    within: duration.default(hours(24)).describe("How long ago that may be."),
    where: z
      .strictObject({
        pointer: jsonPointer.describe("Where to look."),
        equals: plainValue.describe("What must stand there."),
      })
      .optional()
      .describe("What must be so besides, such as a status that says available."),
  })
  .describe("A time in a JSON answer, such as a backup's, is not long ago.");

const BackupProbe = z
  .strictObject({
    kind: z.literal("backup"),
    resource: z
      .string()
      .max(2_000)
      .regex(
        /^arn:aws[a-z-]*:[a-z0-9-]+:[a-z0-9-]*:(?:\d{12})?:[^\s*]+$/,
        "an ARN, such as arn:aws:dynamodb:eu-west-1:123456789012:table/orders",
      )
      .describe("The ARN of the database, table, file system, volume or bucket."),
    within: duration.default(hours(24)).describe("How long ago its newest backup may have been made."),
  })
  .describe("The newest backup that can be restored is not old, by AWS Backup.");

const CiProbe = z
  .strictObject({
    kind: z.literal("ci"),
    system: z.enum(["github", "gitlab"]).default("github").describe("Where the code is."),
    repo: repo.describe("The repository; of GitLab the project's whole path."),
    commit: z
      .string()
      .regex(/^[0-9a-f]{40}$/, "a commit in 40 hex digits; a branch can move")
      .describe("The commit that is released."),
    required: z
      .array(line)
      .max(50)
      .default([])
      .describe("Checks that must be there by these names; besides, none may be red or under way."),
  })
  .describe("Every check and status of this commit is green.");

const ChangeLogProbe = z
  .strictObject({
    kind: z.literal("change-log"),
    repo: repo.describe("The repository on GitHub."),
    ref: line.describe("The commit, tag or branch to look in."),
    path: line.default("CHANGELOG.md").describe("The file."),
    version: line.describe("The version that must have a heading of its own, with something under it."),
  })
  .describe("The change log has an entry for this version.");

const publicKey = z
  .string()
  .max(1_000)
  .regex(/^-----BEGIN PUBLIC KEY-----[\s\S]+-----END PUBLIC KEY-----\s*$/, "a public key in PEM")
  .describe("The key, in PEM.");

export const ArtifactSource = z.discriminatedUnion("kind", [
  z
    .strictObject({
      kind: z.literal("lambda"),
      component: ident.describe("The component whose version it is."),
    })
    .describe("The code of the Lambda version that the component's target names."),
  z.strictObject({ kind: z.literal("https"), url: url.describe("Where it lies.") }).describe("A download."),
]);
export type ArtifactSource = z.infer<typeof ArtifactSource>;

/**
 * Who signed, as a certificate says it. A `*` in the host or in the owner of a repository would let strangers in, and
 * so would one that begins the whole.
 */
const identity = z
  .string()
  .max(500)
  .regex(
    /^(?:https:\/\/[^/*\s]+\/[^/*\s]+\/[^\s]+|[^@/\s]+@[^@/*\s]+)$/,
    "a workflow's address, such as https://github.com/example/shop/.github/workflows/release.yml@refs/heads/main, or an address of mail; its host and its owner have no *",
  )
  .refine((text) => text.split("*").length <= 4, "at most three *")
  .describe(
    "Whose certificate it must be, letter by letter; `*` stands for any characters but a slash. https://github.com/example/shop/.github/workflows/release.yml@refs/tags/v*",
  );

export const ArtifactSignature = z.discriminatedUnion("kind", [
  z
    .strictObject({
      kind: z.literal("keyless"),
      bundle: url.describe("Where the bundle lies (.sigstore.json)."),
      identity,
      issuer: z
        .url({
          protocol: /^https$/,
          error: "an https address, such as https://token.actions.githubusercontent.com",
        })
        .max(200)
        .describe("Who vouches for that: the OpenID Connect provider's address, letter by letter."),
    })
    .describe(
      "A Sigstore bundle with an attestation about this digest, signed with a short-lived certificate.",
    ),
  z
    .strictObject({
      kind: z.literal("sigstore"),
      bundle: url.describe("Where the bundle lies (.sigstore.json)."),
      publicKey,
    })
    .describe("A Sigstore bundle with an attestation (in-toto) about this digest."),
  z
    .strictObject({
      kind: z.literal("ecdsa"),
      signature: url.describe("Where the signature lies, DER in base64, as cosign and openssl write it."),
      publicKey,
    })
    .describe("A plain ECDSA signature of the SHA-256 of the bytes."),
]);
export type ArtifactSignature = z.infer<typeof ArtifactSignature>;

const ArtifactProbe = z
  .strictObject({
    kind: z.literal("artifact"),
    source: ArtifactSource.describe("Where the artefact is that will run."),
    sha256,
    signature: ArtifactSignature.optional().describe("The signature that must verify."),
  })
  .describe("What will run is, byte for byte, what was built and tested.");

const StagingProbe = z
  .strictObject({
    kind: z.literal("staging"),
    environment: line.default("staging").describe("Where it must have run, as its plan names it."),
    component: ident.optional().describe("Unset: every component of the plan."),
    soak: duration
      .optional()
      .describe("How long it must have had all traffic there; unset: 24 h, and a hotfix's own."),
  })
  .describe("This version ran in staging for long enough, by gonogo's own log.");

const RehearsalProbe = z
  .strictObject({
    kind: z.literal("rehearsal"),
    environment: line.default("staging").describe("Where it must have been tried."),
    component: ident
      .optional()
      .describe("Unset: every component that the plan's `rehearse` has a target for."),
    within: duration.default(days(7)).describe("How long ago it may have been."),
  })
  .describe("The way back of this version was rehearsed, by gonogo's own log.");

const OnCallProbe = z
  .strictObject({
    kind: z.literal("on-call"),
    rotation: z
      .discriminatedUnion("kind", [
        z
          .strictObject({
            kind: z.literal("pagerduty"),
            schedule: z
              .string()
              .regex(/^[A-Z0-9]{5,20}$/, "a schedule's id, such as PABC123")
              .describe("The schedule's id."),
          })
          .describe("A schedule of PagerDuty."),
        z
          .strictObject({ kind: z.literal("icalendar"), url: url.describe("The feed.") })
          .describe("A calendar feed whose events are shifts."),
      ])
      .describe("Where the rotation is kept."),
  })
  .describe("Somebody is on call from the release's start to its planned end.");

/** What answers a line of the checklist in a person's place. */
export const Probe = z.discriminatedUnion("kind", [
  HttpProbe,
  TlsProbe,
  AgeProbe,
  BackupProbe,
  CiProbe,
  ChangeLogProbe,
  ArtifactProbe,
  StagingProbe,
  RehearsalProbe,
  OnCallProbe,
]);
export type Probe = z.infer<typeof Probe>;
export type ProbeKind = Probe["kind"];
export type ProbeOf<K extends ProbeKind> = Extract<Probe, { kind: K }>;
