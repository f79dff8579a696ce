import { ARCHIVE_PLACES, PLACE_NAMES } from "../archive/schema.ts";
import { type Instant, plus } from "../kit/instant.ts";
import { archiveIntegration, INBOUND, type Inbound, integrationOf } from "./schema.ts";
import { type IntegrationState, type IntegrationTest, LOST_AFTER } from "./state.ts";

export interface IntegrationView {
  readonly name: string;
  readonly kind: "inbound" | "channel" | "archive";
  readonly about: string;
  /** Whether it can be tested; `why` says why it cannot. */
  readonly testable: boolean;
  readonly why?: string;
  /** When something last came in by it, or was sent by it. */
  readonly lastSeen?: Instant;
  readonly test?: Omit<IntegrationTest, "status"> & {
    readonly status: IntegrationTest["status"] | "lost";
    /** In words: what came of it, and where to look where nothing did. */
    readonly says: string;
  };
}

const ABOUT: Record<Inbound, string> = {
  cloudwatch: "Alarms of CloudWatch, by the default bus",
  "cloudwatch-sns": "Alarms of CloudWatch, by an SNS topic to POST /hooks/cloudwatch-sns",
  sentry: "Alerts of Sentry, by POST /hooks/sentry",
  grafana: "Alerts of Grafana, by POST /hooks/grafana",
  alertmanager: "Alerts of Prometheus Alertmanager, by POST /hooks/alertmanager",
  generic: "Alarms of any tool, by POST /hooks/generic",
};

/** Every integration: what it is, when it last gave a sign of life, and what came of its last test. */
export function integrationsView(
  state: IntegrationState,
  known: {
    /** The systems that are let in. */
    readonly open: readonly Inbound[];
    readonly channels: readonly string[];
    readonly seen: Readonly<Record<string, Instant>>;
  },
  now: Instant,
): readonly IntegrationView[] {
  const rest = (name: string) => {
    const [lastSeen, test] = [known.seen[name], state.tests[name]];
    return {
      ...(lastSeen === undefined ? {} : { lastSeen }),
      ...(test === undefined ? {} : { test: testView(name, test, now) }),
    };
  };
  const inbound = INBOUND.map((name): IntegrationView => {
    const why = whyNot(name, known.open);
    const base = { name, kind: "inbound" as const, about: ABOUT[name], testable: why === undefined };
    return { ...base, ...(why === undefined ? {} : { why }), ...rest(name) };
  });
  const names = [...known.channels, ...Object.keys(known.seen), ...Object.keys(state.tests)].filter(
    (name) => integrationOf(name)?.kind === "channel",
  );
  const channels = [...new Set(names)].toSorted().map((name): IntegrationView => {
    return { name, kind: "channel", about: "Messages that go out", testable: true, ...rest(name) };
  });
  const archives = ARCHIVE_PLACES.map((place): IntegrationView => {
    const name = archiveIntegration(place);
    const about = `Copies of closed releases' archives for ${PLACE_NAMES[place]}, where the secret Archives sets it up`;
    return { name, kind: "archive", about, testable: true, ...rest(name) };
  });
  return [...inbound, ...channels, ...archives];
}

/** Why a system cannot be tested from here. */
export function whyNot(name: Inbound, open: readonly Inbound[]): string | undefined {
  if (!open.includes(name))
    return `not set up: no secret of ${name} is known; docs/operations.md says where it goes`;
  if (name !== "cloudwatch-sns") return undefined;
  return "only SNS can sign for SNS: publish a message to the topic, and see it here as last seen";
}

function testView(name: string, test: IntegrationTest, now: Instant): NonNullable<IntegrationView["test"]> {
  const isLost = test.status === "waiting" && now >= plus(test.askedAt, LOST_AFTER);
  const status = isLost ? "lost" : test.status;
  return { ...test, status, says: wordsOf(name, { ...test, status }) };
}

function wordsOf(
  name: string,
  { status, detail }: Pick<NonNullable<IntegrationView["test"]>, "status" | "detail">,
): string {
  const kind = integrationOf(name)?.kind;
  switch (status) {
    case "passed":
      if (kind === "archive") return `Nothing was written: ${detail ?? "it answers"}.`;
      return kind === "channel"
        ? `It was sent${detail === undefined ? "" : ` by ${detail}`}: see that it is there.`
        : "It came the whole way, and was kept from every release.";
    case "failed":
      return `It failed: ${detail ?? "nobody said why"}.`;
    case "waiting":
      return "It is on its way.";
    case "lost":
      return "Nothing was heard of it: look at System for a rule or a function that is ill, and into the dead letters.";
  }
}
