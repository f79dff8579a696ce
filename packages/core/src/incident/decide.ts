import { plus } from "../kit/instant.ts";
import { tell } from "../message/auto.ts";
import { owe, postmortemRule } from "../obligation/owe.ts";
import { type Decision, type Draft, reject } from "../release/draft.ts";
import type { PersonCommand } from "../release/person-commands.ts";
import { spokenStatus } from "../release/spoken.ts";
import type { IncidentEvent } from "./events.ts";

type About = Pick<
  Extract<IncidentEvent, { type: "IncidentOpened" }>,
  "cause" | "scope" | "declared" | "detectedAt"
>;

/** Opens the release's incident, once, with the postmortem that it owes and a word to those who follow it. */
export function openIncident(draft: Draft, about: About): void {
  const { plan, now, state } = draft;
  if (state.incident !== undefined) return;
  const rule = postmortemRule(plan);
  const incident = `INC-${state.id}`;
  const postmortemDue = plus(now, rule.within);
  draft.emit({ type: "IncidentOpened", incident, postmortemDue, ...about });
  owe(draft, rule);
  const text = `incident ${incident} is open; ${rule.role}: the postmortem is due ${postmortemDue}`;
  tell(draft, "incident", "status", text, [
    { rel: "incident", path: `/v1/releases/${state.id}/incident` },
    { rel: "calendar", path: `/v1/releases/${state.id}/postmortem.ics` },
  ]);
}

/** A person says that the release did harm, although nothing is put back: it is mended by what comes next. */
export function declareIncident(
  draft: Draft,
  wish: Extract<PersonCommand, { type: "DeclareIncident" }>,
): Decision {
  const { plan, state, now } = draft;
  if (state.startedAt === undefined) {
    return reject(
      "conflict",
      "incident.too-early",
      `the release is ${spokenStatus(state.status)}: it has changed nothing yet`,
    );
  }
  if (state.incident !== undefined) {
    const { id, openedAt } = state.incident;
    return reject("conflict", "incident.open", `${id} was opened at ${openedAt} already`);
  }
  const known = plan.components.map(({ id }) => id);
  const unknown = wish.components?.find((id) => !known.includes(id));
  if (unknown !== undefined) {
    const message = `there is no component "${unknown}"; write one of ${known.join(", ")}`;
    return reject("invalid", "incident.component", message);
  }
  const { detectedAt } = wish;
  if (detectedAt !== undefined && (detectedAt > now || detectedAt < state.startedAt)) {
    const message = `it was seen between ${state.startedAt}, when the release started, and now`;
    return reject("invalid", "incident.detected-at", message);
  }
  openIncident(draft, {
    cause: wish.summary,
    scope: wish.components ?? known,
    declared: true,
    ...(detectedAt === undefined ? {} : { detectedAt }),
  });
  return draft.decided();
}

/** Service is as it should be again: what ends the time to restore of an incident that is mended forward. */
export function resolveIncident(
  draft: Draft,
  wish: Extract<PersonCommand, { type: "ResolveIncident" }>,
): Decision {
  const { incident, rollback } = draft.state;
  if (incident === undefined) return reject("not-found", "incident.none", "this release has no incident");
  if (rollback?.outcome === "rolled-back") {
    const message = `it was resolved by the rollback, at ${rollback.endedAt}`;
    return reject("conflict", "incident.rolled-back", message);
  }
  if (incident.resolvedAt !== undefined) {
    return reject("conflict", "incident.resolved", `it was resolved at ${incident.resolvedAt}`);
  }
  draft.emit({ type: "IncidentResolved", incident: incident.id, how: wish.how });
  tell(draft, "incident-resolved", "status", `incident ${incident.id} is resolved: ${wish.how}`);
  return draft.decided();
}
