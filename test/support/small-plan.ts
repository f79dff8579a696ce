/** What a test changes in the small plan. */
export interface SmallPlan {
  readonly id?: string;
  /** RFC 3339. */
  readonly start?: string;
  /** Length of each phase's watch. */
  readonly watch?: string;
  readonly alarm?: string;
  /** Each phase's percentage. */
  readonly percents?: readonly number[];
  /** Lines of YAML to stand at its end. */
  readonly more?: string;
}

/**
 * A release of one Lambda alias, with a checklist, an approval, two phases, a validation and a review: all
 * that a release goes through, in a quarter of an hour. Its trigger is bound to an alarm of every system.
 */
export function smallPlan(options: SmallPlan = {}): string {
  const {
    id = "REL-SMALL",
    start = "2026-05-05T10:00:00Z",
    watch = "5 min",
    alarm = "Orders5xx",
    percents = [10, 100],
    more = "",
  } = options;
  const phases = percents.map((percent, index) =>
    [
      `  - id: phase-${index + 1}`,
      "    kind: phase",
      `    at: T+${index * 6} min`,
      `    do: Shift to ${percent} %`,
      "    owner: DevSecOps",
      `    phase: "${index + 1}"`,
      "    component: orders-api",
      `    percent: ${percent}`,
      `    watch: ${watch}`,
    ].join("\n"),
  );
  return `gonogo: 1
id: ${id}
title: A small release
start: ${start}
environments:
  - { name: Production, region: us-east-1 }
roles:
  - { name: Release Manager }
  - { name: DevSecOps }
  - { name: QA }
  - { name: On-call Engineer }
components:
  - id: orders-api
    name: Orders API
    target: { kind: lambda-alias, function: orders-api, alias: live, version: "42" }
checklist:
  - { id: tests-passed, check: The tests have passed, role: QA }
approvals:
  - { role: Release Manager }
metrics:
  - id: rate
    name: Failed requests
    threshold: < 1 %
    owner: DevSecOps
    source: { kind: cloudwatch-alarm, alarm: ${alarm} }
    component: orders-api
steps:
${phases.join("\n")}
triggers:
  - id: broken
    when: Failed requests > 3 % for 1 min
    metric: rate
    signals:
      - { from: cloudwatch, name: ${alarm} }
      - { from: sentry, name: Too many errors }
      - { from: grafana, name: WebhookAlert }
      - { from: health, name: AWS_LAMBDA_OPERATIONAL_ISSUE }
      - { from: alertmanager, name: HighErrorRate }
      - { from: webhook, name: queue-backlog }
    respond: rollback
    owner: DevSecOps
validations:
  - { id: prices-agree, check: Prices agree with the ledger, threshold: Difference < 0.5 % }
review:
  attendees: [ DevSecOps, QA ]
  fields:
    - field: Lessons Learned
${more}`;
}
