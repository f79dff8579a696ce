import type { ReleaseView } from "@gonogo/client";
import type { Paint } from "../terminal/paint.ts";
import { type TableOptions, table } from "../terminal/table.ts";
import { fromT, near, stamp } from "../terminal/time.ts";
import { answeredAt, checkWord } from "./checks.ts";
import { componentRows, metricRows, stepRows, waitRows } from "./rows.ts";
import { statusStyle } from "./status.ts";
import { typed } from "./typed.ts";

/** A release with everything that matters about it now. */
export function releaseLines(view: ReleaseView, paint: Paint, options: TableOptions = {}): string[] {
  const part = (title: string, rows: readonly (readonly string[])[]) =>
    rows.length === 0 ? [] : ["", paint("bold", title), ...table(rows, { ...options, indent: 2 })];
  return [
    ...headLines(view, paint),
    ...part("Waits for", waitRows(view, paint)),
    ...part("Components", componentRows(view, paint)),
    ...part("Revisions of the plan", revisionRows(view)),
    ...part("Checklist", gateRows(view, paint)),
    ...part("Approvals", approvalRows(view, paint)),
    ...part("Go/no-go", pollRows(view, paint)),
    ...part("Steps", stepRows(view, paint)),
    ...part("Metrics", metricRows(view, paint)),
    ...part("Triggers that fired", triggerRows(view, paint)),
    ...part("No way back", oneWayRows(view, paint)),
    ...part("Causes", causeRows(view)),
    ...part("Alarms in quarantine", quarantineRows(view)),
    ...part(`Rollback ${view.rollback?.n ?? ""}`, rollbackRows(view, paint)),
    ...part("Validation", validationRows(view, paint)),
    ...part("Review", reviewRows(view)),
    ...part("Passes", criterionRows(view, paint)),
    ...part("Hypercare", hypercareRows(view, paint)),
    ...part("Closing", closingRows(view, paint)),
    ...part("Owed", obligationRows(view, paint)),
    ...part("Archive", archiveRows(view, paint)),
    ...part(
      "You may",
      view.actions.map((action) => [action.label, typed(view.id, action.command)]),
    ),
  ];
}

/** What is kept of it, and what became of each copy. */
function archiveRows({ archive, now }: ReleaseView, paint: Paint): string[][] {
  if (archive?.archivedAt === undefined) return [];
  const { files = [], copies, archivedAt } = archive;
  const styles = { copied: "green", due: "yellow", "given-up": "red" } as const;
  return [
    [paint("green", "archived"), near(now, archivedAt), files.map(({ name }) => name).join(", ")],
    ...copies.map(({ status, at, name, says, links }) => [
      paint(styles[status], status),
      at === undefined ? "" : near(now, at),
      `${name}: ${links[0]?.url ?? says}`,
    ]),
  ];
}

function revisionRows({ revisions, now }: ReleaseView): string[][] {
  return revisions.map(({ n, by, at, reason = "", changes, more = 0, voided }) => [
    near(now, at),
    String(n),
    by,
    reason,
    changes.slice(0, 3).join("; ") +
      (changes.length + more > 3 ? `; and ${changes.length + more - 3} more` : ""),
    voided.length === 0 ? "" : `${voided.length} void`,
  ]);
}

/** Where the points of no return lie, and what a rollback leaves as it is by now. */
function oneWayRows({ oneWay, reachable, rollback, now }: ReleaseView, paint: Paint): string[][] {
  const points = oneWay.map(({ at, what, taken, loses, approvals, given }) => [
    near(now, at),
    taken ? paint("red", "taken") : "ahead",
    what,
    loses.length === 0 ? "" : `after it ${loses.join(", ")} cannot go back`,
    approvals.map((role) => `${role}: ${given.some((one) => one.role === role) ? "yes" : "open"}`).join(", "),
  ]);
  const kept = rollback?.kept ?? [];
  const stays = reachable.components.filter(({ to }) => to === "kept");
  const rows =
    kept.length > 0
      ? kept.map((one) => [one.what, one.why])
      : stays.map((one) => [`${one.component} stays`, one.why ?? ""]);
  return [...points, ...rows.map(([what = "", why = ""]) => ["", paint("red", "stays"), what, why, ""])];
}

/** Everything that speaks for what is asked, or being put back; the first is the one that was heard first. */
function causeRows({ decisions, rollback, now }: ReleaseView): string[][] {
  const asked = decisions.flatMap(({ id, causes }) => causes.map((cause) => ({ of: id, cause })));
  const back = (rollback?.causes ?? []).map((cause) => ({ of: `rollback ${rollback?.n}`, cause }));
  return [...asked, ...back].map(({ of, cause }) => [near(now, cause.at), of, cause.text]);
}

function quarantineRows({ quarantine, now }: ReleaseView): string[][] {
  return quarantine.map(({ alarm, since, times, changes, until }) => [
    near(now, since),
    alarm,
    `${times} changes: ${changes.map(({ state }) => state).join(", ")}`,
    until === undefined ? "" : `until ${near(now, until)} if it stands still`,
  ]);
}

/** What it is, where it stands, and why it stands. */
export function headLines(view: ReleaseView, paint: Paint): string[] {
  const { status, paused, t, now, rollback } = view;
  const place = t === undefined ? `T planned ${stamp(view.plannedT)}` : `T ${stamp(t)}, now ${fromT(t, now)}`;
  const ended = view.endedAt === undefined ? "" : `, ended ${stamp(view.endedAt)}`;
  return [
    `${paint("bold", view.id)}  ${view.title} (${view.environment})`,
    `${paint(statusStyle(status), status)}${paused ? paint("yellow", ", paused") : ""}; ${place}${ended}`,
    ...(paused ? [paint("yellow", `paused since ${near(now, paused.since)}: ${paused.cause}`)] : []),
    ...(rollback === undefined
      ? []
      : [paint("red", `rollback since ${near(now, rollback.startedAt)}: ${rollback.cause}`)]),
    ...(rollback?.left ?? []).map((left) => paint("red", `left to put back: ${left}`)),
    ...(view.changeClass === "standard"
      ? []
      : [
          `${view.changeClass} change${view.hotfix === undefined ? "" : `, hotfix of a ${view.hotfix.severity}`}`,
        ]),
    ...(view.policy === undefined ? [] : [paint("dim", `under policy ${view.policy.slice(7, 19)}`)]),
    ...(view.why === undefined || view.why === rollback?.cause ? [] : [`because: ${view.why}`]),
    ...(view.incident ? [`incident ${view.incident.id}, postmortem ${postmortem(view.incident)}`] : []),
    ...(view.upNext === undefined
      ? []
      : [`next by itself: ${view.upNext.what} at ${near(now, view.upNext.at)}`]),
  ];
}

type Rows = readonly (readonly string[])[];

function gateRows({ checklist, now }: ReleaseView, paint: Paint): Rows {
  return checklist.map((check) => {
    const { id, role, note, probe } = check;
    const at = answeredAt(check);
    return [
      checkWord(check, paint),
      at === undefined ? "" : near(now, at),
      id,
      probe === undefined ? role : `probe: ${probe.kind}`,
      note === undefined ? check.check : `${check.check} (${note})`,
    ];
  });
}

function approvalRows({ approvals, now }: ReleaseView, paint: Paint): Rows {
  return approvals.map(({ role, or = [], verdict, at, note, needed, given, signatures }) => [
    verdict === undefined ? paint("dim", "open") : paint(verdict === "given" ? "green" : "red", verdict),
    at === undefined ? "" : near(now, at),
    [role, ...or].join(" or "),
    [
      ...(needed > 1 ? [`${given} of ${needed}`] : []),
      ...signatures.flatMap(({ verdict: one, expires }) => {
        if (one === "expired") return ["one has expired"];
        return one === "given" && expires !== undefined ? [`holds until ${near(now, expires)}`] : [];
      }),
      ...(note === undefined ? [] : [note]),
    ].join("; "),
  ]);
}

const VOTE_STYLES = { go: "green", "no-go": "red", abstain: "yellow" } as const;

function pollRows({ poll, now }: ReleaseView, paint: Paint): Rows {
  if (poll === undefined) return [];
  const result =
    poll.result ?? (poll.open ? `open until ${near(now, poll.closes)}` : `opens ${near(now, poll.opensAt)}`);
  return [
    [paint(poll.result === "go" ? "green" : poll.result === "no-go" ? "red" : "dim", result)],
    ...poll.votes.map(({ role, vote, at, reason }) => [
      vote === undefined ? paint("dim", "silent") : paint(VOTE_STYLES[vote], vote),
      at === undefined ? "" : near(now, at),
      role,
      reason ?? "",
    ]),
    ...poll.earlier.map(({ n, result, closedAt, why }) => [
      paint("dim", `poll ${n}: ${result ?? "open"}`),
      closedAt === undefined ? "" : near(now, closedAt),
      "",
      why ?? "",
    ]),
  ];
}

function triggerRows({ triggers, now }: ReleaseView, paint: Paint): Rows {
  return triggers.flatMap(({ firedAt, when, respond, cause }) =>
    firedAt === undefined ? [] : [[near(now, firedAt), paint("red", respond), when, cause ?? ""]],
  );
}

function rollbackRows({ rollback, now }: ReleaseView, paint: Paint): Rows {
  return (rollback?.items ?? []).map((item) => [
    paint(item.status === "done" ? "green" : item.status === "failed" ? "red" : "yellow", item.status),
    item.at === undefined ? "" : near(now, item.at),
    item.id,
    item.kind === "target"
      ? `${item.component} back on ${item.call.previous}`
      : `${item.what} (${item.owner})`,
    item.detail ?? "",
  ]);
}

function validationRows({ validations }: ReleaseView, paint: Paint): Rows {
  return validations.map(({ id, check, threshold, verdict, result }) => [
    verdict === undefined ? paint("dim", "open") : paint(verdict === "pass" ? "green" : "red", verdict),
    id,
    check,
    `${threshold}${result === undefined ? "" : `: ${result}`}`,
  ]);
}

/** The pass criteria, once something can be said of them. */
function criterionRows({ review, rollback, status }: ReleaseView, paint: Paint): Rows {
  if (!review.open && review.signedAt === undefined && rollback === undefined) return [];
  if (status === "rolling-back") return [];
  return review.passCriteria.map(({ met, what, why }) => [
    met === undefined ? paint("dim", "open") : met ? paint("green", "yes") : paint("red", "no"),
    what,
    why,
  ]);
}

function hypercareRows({ hypercare, now }: ReleaseView, paint: Paint): Rows {
  if (hypercare === undefined) return [];
  const { round, until, endedAt, next, checks } = hypercare;
  const where = endedAt === undefined ? `until ${near(now, until)}` : `ended ${near(now, endedAt)}`;
  return [
    [`round ${round}`, where, next === undefined ? "" : `next ${near(now, next)}`],
    ...checks.map(({ id, owner, open, verdict, result, check }) => [
      open ? paint("yellow", "open") : paint(verdict === "pass" ? "green" : "red", verdict ?? "not yet"),
      id,
      owner,
      `${check}${result === undefined ? "" : `: ${result}`}`,
    ]),
  ];
}

/** What closes the release; what a person has to do is among what is owed, too. */
function closingRows({ closing, now }: ReleaseView, paint: Paint): Rows {
  const styles = { planned: "dim", open: "yellow", failed: "red", overdue: "red", done: "green" } as const;
  return closing.map(
    ({ kind, what, owner, channel, required, status, due, doneAt, evidence, record, detail }) => [
      paint(styles[status], status),
      kind,
      required ? `${what} (required)` : what,
      channel === undefined ? owner : `${owner}, by ${channel}`,
      doneAt === undefined ? (due === undefined ? "" : `due ${near(now, due)}`) : near(now, doneAt),
      [
        evidence,
        record === undefined ? undefined : `record ${record.seq}, ${record.digest.slice(7, 19)}`,
        detail,
      ]
        .filter(Boolean)
        .join("; "),
    ],
  );
}

function obligationRows({ obligations, now }: ReleaseView, paint: Paint): Rows {
  return obligations
    .filter(({ act }) => act === undefined)
    .map(({ id, what, role, due, open, overdue, blocks }) => [
      overdue ? paint("red", "overdue") : open ? paint("yellow", "open") : paint("green", "done"),
      near(now, due),
      id,
      role,
      open && blocks ? `${what} (holds up the next release)` : what,
    ]);
}

function reviewRows({ review, now }: ReleaseView): Rows {
  if (!review.open && review.signedAt === undefined) return [];
  const signed =
    review.signedAt === undefined ? `open, for ${review.role}` : `signed ${near(now, review.signedAt)}`;
  return [[signed], ...review.fields.map(({ field, entry }) => [field, entry || "(empty)"])];
}

function postmortem({ postmortemAt, postmortemDue }: NonNullable<ReleaseView["incident"]>): string {
  return postmortemAt === undefined ? `due ${stamp(postmortemDue)}` : `signed ${stamp(postmortemAt)}`;
}
