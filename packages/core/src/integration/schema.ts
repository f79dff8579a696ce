import { ARCHIVE_PLACES, type ArchivePlace } from "../archive/schema.ts";
import type { Signal } from "../signal/schema.ts";

/** Systems whose alarms come in: CloudWatch by the default bus, the others by `POST /hooks/<name>`. */
export const INBOUND = [
  "cloudwatch",
  "cloudwatch-sns",
  "sentry",
  "grafana",
  "alertmanager",
  "generic",
] as const;
export type Inbound = (typeof INBOUND)[number];

const CHANNEL = "channel:";
const ARCHIVE = "archive:";
const LONGEST = 200;

/**
 * What an integration is called: an inbound system by its name, a channel with `channel:` before its own, and where
 * copies of archives go with `archive:`.
 */
export type IntegrationKind =
  | { readonly kind: "inbound"; readonly system: Inbound }
  | { readonly kind: "channel"; readonly channel: string }
  | { readonly kind: "archive"; readonly place: ArchivePlace };

/** What a name stands for; undefined where it names nothing. */
export function integrationOf(name: string): IntegrationKind | undefined {
  const system = INBOUND.find((one) => one === name);
  if (system !== undefined) return { kind: "inbound", system };
  const place = ARCHIVE_PLACES.find((one) => archiveIntegration(one) === name);
  if (place !== undefined) return { kind: "archive", place };
  const channel = name.startsWith(CHANNEL) ? name.slice(CHANNEL.length).trim() : "";
  return channel === "" || name.length > LONGEST ? undefined : { kind: "channel", channel };
}

export function archiveIntegration(place: ArchivePlace): string {
  return `${ARCHIVE}${place}`;
}

export function channelIntegration(channel: string): string {
  return `${CHANNEL}${channel}`;
}

/**
 * The name that test alarms have, and none else: a deployment's own alarm has its stage in it. Whatever bears
 * it reaches no release, whoever sent it.
 */
export const TEST_SIGNAL = "gonogo-integration-test";
const RESERVED = /^gonogo-(?:[\w-]+-)?integration-test$/;

export function isTestName(name: string): boolean {
  return RESERVED.test(name);
}

const SAYS = "This is a test of gonogo's integrations, number ";

/** What a test alarm says of itself, by which it is known again. */
export function testSays(test: string): string {
  return `${SAYS}${test}`;
}

/** Which test a signal belongs to; undefined where it is another change of the test alarm. */
export function testIn({ says = "" }: Pick<Signal, "says">): string | undefined {
  return says.startsWith(SAYS) ? /^[\w-]{1,40}$/.exec(says.slice(SAYS.length))?.[0] : undefined;
}

/** What a channel is sent. */
export function testMessage(test: string): string {
  return `[TEST] ${testSays(test)}. Nothing has happened, and nothing is to be done.`;
}
