import type { Actor } from "../actor/schema.ts";
import type { Instant } from "../kit/instant.ts";
import type { Plan } from "../plan/schema.ts";
import type { ReleaseState, Status } from "../release/state.ts";
import { releaseView } from "./release.ts";
import type { ReleaseView, WaitView } from "./schema.ts";

/** What a thing that is asked of somebody is. */
export type AskedKind = "decision" | "vote" | "approval" | "put-back" | "validation" | "review" | "task";

/** Something that a release waits for from the one who looks. */
export interface AskedOfMe {
  readonly kind: AskedKind;
  readonly what: string;
  /** Those of the viewer's roles that are asked. */
  readonly roles: readonly string[];
  readonly by?: Instant;
  readonly onSilence?: "rollback" | "wait";
  readonly urgent: boolean;
}

/** An active release in one glance. */
export interface BoardEntry {
  readonly id: string;
  readonly title: string;
  readonly environment: string;
  readonly status: Status;
  readonly paused: boolean;
  readonly plannedT: Instant;
  readonly t?: Instant;
  readonly endsAbout?: Instant;
  readonly waitsFor: readonly WaitView[];
  readonly upNext?: { readonly what: string; readonly at: Instant };
  /** What is asked of the one who looks, the most urgent first. */
  readonly mine: readonly AskedOfMe[];
  readonly steps: { readonly done: number; readonly late: number; readonly of: number };
  readonly components: readonly {
    readonly id: string;
    readonly name: string;
    readonly share: number;
    readonly previous?: string;
    readonly next?: string;
    readonly held: boolean;
  }[];
  readonly watch?: { readonly name: string; readonly from: Instant; readonly until: Instant };
  /** Triggers that have fired or are over their line. */
  readonly alarms: readonly string[];
}

const RANK: readonly AskedKind[] = [
  "decision",
  "put-back",
  "vote",
  "approval",
  "validation",
  "task",
  "review",
];

/** A release as it stands on the board of `actor`. */
export function boardEntry(plan: Plan, state: ReleaseState, actor: Actor, now: Instant): BoardEntry {
  const view = releaseView(plan, state, actor, now);
  const watched =
    view.status === "running"
      ? view.steps.find((step) => step.status === "watching" && step.watchUntil !== undefined)
      : undefined;
  const { id, title, environment, status, plannedT, t, endsAbout, waitsFor, upNext } = view;
  return {
    id,
    title,
    environment,
    status,
    paused: view.paused !== undefined,
    plannedT,
    ...(t === undefined ? {} : { t }),
    ...(endsAbout === undefined ? {} : { endsAbout }),
    waitsFor,
    ...(upNext === undefined ? {} : { upNext }),
    mine: askedOf(view, actor),
    steps: {
      done: view.steps.filter((step) => step.status === "done" || step.status === "skipped").length,
      late: view.steps.filter(({ overdue }) => overdue === true).length,
      of: view.steps.length,
    },
    components: view.components.map(({ id, name, share, previous, next, held }) => ({
      id,
      name,
      share,
      held,
      ...(previous === undefined ? {} : { previous }),
      ...(next === undefined ? {} : { next }),
    })),
    ...(watched?.shiftedAt === undefined || watched.watchUntil === undefined
      ? {}
      : { watch: { name: watched.what, from: watched.shiftedAt, until: watched.watchUntil } }),
    alarms: view.triggers
      .filter(({ firedAt, breachedSince }) => firedAt !== undefined || breachedSince !== undefined)
      .map(({ when }) => when),
  };
}

/** What a release waits for from one person, by the roles they hold; the most urgent first. */
export function askedOf(view: Pick<ReleaseView, "waitsFor" | "actions">, actor: Actor): readonly AskedOfMe[] {
  const held = actor.kind === "person" || actor.kind === "tool" ? actor.roles : [];
  const approves = view.actions.flatMap(({ command }) => (command.type === "Approve" ? [command.role] : []));
  return view.waitsFor
    .flatMap((wait): AskedOfMe[] => {
      const kind = kindOf(wait);
      // Nobody approves their own release: what would be refused is not asked.
      const roles = wait.who.filter(
        (role) => held.includes(role) && (kind !== "approval" || approves.includes(role)),
      );
      const { what, by, onSilence, urgent } = wait;
      return roles.length === 0
        ? []
        : [
            {
              kind,
              what,
              roles,
              urgent,
              ...(by === undefined ? {} : { by }),
              ...(onSilence === undefined ? {} : { onSilence }),
            },
          ];
    })
    .toSorted((a, b) => RANK.indexOf(a.kind) - RANK.indexOf(b.kind));
}

function kindOf({ what, urgent }: WaitView): AskedKind {
  if (/^Put back by hand/.test(what)) return "put-back";
  if (urgent) return "decision";
  if (/^(Approval|Declined)/.test(what)) return "approval";
  if (what === "GO or NO-GO") return "vote";
  if (what.startsWith("Validation: ")) return "validation";
  return what === "The review" ? "review" : "task";
}
