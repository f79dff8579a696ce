import { type SeenDelegations, settleDelegations } from "../delegation/apply.ts";
import { canonicalJson } from "../kit/digest.ts";
import { fromMillis, type Instant, latest, toMillis } from "../kit/instant.ts";
import { tell } from "../message/auto.ts";
import type { Draft } from "../release/draft.ts";
import { startsAt } from "../release/start-time.ts";
import { canStop, hasEnded } from "../release/state.ts";
import { type Advancing, exemptedFrom, heldBack } from "./hold.ts";
import type { LiveFreeze, LiveWindow } from "./state.ts";

/** What the deployment's calendar says for a release, read just now. */
export interface SeenCalendar {
  readonly freezes: readonly LiveFreeze[];
  readonly windows: readonly LiveWindow[];
  /** It was read up to here: of what comes later nothing is said. */
  readonly until: Instant;
  /** Why freezes were lifted, by id. */
  readonly lifted: Readonly<Record<string, string>>;
  /** Roles that are lent for all releases; unset where that was not read. */
  readonly delegations?: SeenDelegations;
}

/**
 * Writes down what the calendar says that the release has not been told of. It holds from this moment, for
 * whatever is decided after it in the same command; what is watched goes on being watched.
 */
export function settleCalendar(draft: Draft, seen: SeenCalendar | undefined): void {
  const { plan, state, now } = draft;
  settleDelegations(draft, seen?.delegations);
  if (seen !== undefined && !hasEnded(state.status)) {
    for (const { id, ...rest } of seen.freezes) {
      const known = draft.state.freezes?.[id];
      if (known !== undefined && canonicalJson(known) === canonicalJson({ id, ...rest })) continue;
      draft.emit({ type: "FreezeDeclared", freeze: id, ...rest });
      if (rest.source !== "rule" && canStop(draft.state.status)) {
        const incident = rest.incident === undefined ? "" : ` (${rest.incident})`;
        const text = `freeze "${rest.name}"${incident} from ${rest.from} to ${rest.to}: nothing starts or shifts in it`;
        tell(draft, `freeze-${id}-${rest.to}`, "status", text);
      }
    }
    for (const freeze of Object.values(draft.state.freezes ?? {})) {
      if (freeze.to <= now || freeze.from >= seen.until) continue;
      if (seen.freezes.some(({ id }) => id === freeze.id)) continue;
      const why = seen.lifted[freeze.id] ?? "it no longer stands in the calendar";
      draft.emit({ type: "FreezeLifted", freeze: freeze.id, why });
      if (freeze.source !== "rule" && canStop(draft.state.status))
        tell(draft, `thaw-${freeze.id}-${now}`, "status", `freeze "${freeze.name}" is lifted: ${why}`);
    }
    const ahead = (state.windows ?? []).filter(({ to }) => to > now);
    if (plan.window === "required" && canonicalJson(ahead) !== canonicalJson(seen.windows)) {
      draft.emit({ type: "WindowsChanged", windows: seen.windows });
    }
  }
  settleStart(draft);
}

/**
 * A release whose start falls where nothing may start gets another T, so that its whole timeline moves along
 * and is not done all at once; and its own again, or the next moment, when what was in the way is gone.
 */
export function settleStart(draft: Draft): void {
  const { plan, state, now } = draft;
  const starts = startsAt(draft);
  if (state.status !== "ready" || state.t === undefined || starts === undefined) return;
  const lead = toMillis(state.t) - toMillis(starts);
  const wished = state.movedFrom ?? state.t;
  const earliest = latest(fromMillis(toMillis(wished) - lead), now);
  const held = heldBack(plan, state, "start", earliest);
  const free = held === undefined ? earliest : freeFrom(draft, earliest);
  if (free === undefined) return;
  if (held === undefined && state.movedFrom === undefined) return;
  const t = fromMillis(toMillis(free) + lead);
  if (t === state.t || (free <= now && starts <= now)) return;
  const why =
    held === undefined
      ? "nothing is in its way any more"
      : held.for === "freeze"
        ? `its start would fall into the freeze "${held.name}"`
        : "it has to run in a maintenance window";
  draft.emit({ type: "StartMoved", t, why });
  tell(draft, `start-moved-${t}`, "status", `starts at ${free}: ${why}`);
}

/** The first moment from which the release may start; undefined when none is known. */
function freeFrom({ plan, state }: Draft, from: Instant): Instant | undefined {
  let moment = from;
  // Each turn passes the end of a freeze or comes to a window, of which there are few.
  for (let turn = 0; turn < 1_000; turn++) {
    const held = heldBack(plan, state, "start", moment);
    if (held === undefined) return moment;
    if (held.until === undefined) return undefined;
    moment = held.until;
  }
  return undefined;
}

/** What goes on in a freeze because it is an approved hotfix says so, once for each freeze. */
export function noteExemption(draft: Draft, what: Advancing): void {
  const { plan, state, now } = draft;
  const held = exemptedFrom(plan, state, what, now);
  if (held === undefined) return;
  const freeze = held.for === "freeze" ? held.id : "outside-window";
  if (state.exempted?.includes(freeze) === true) return;
  const name = held.for === "freeze" ? held.name : "outside of every maintenance window";
  const why = `a ${plan.hotfix?.severity ?? "SEV-1"} hotfix, let through by two of ${plan.hotfix?.board ?? "the board"}`;
  draft.emit({ type: "FreezeExempted", freeze, name, why });
  tell(draft, `exempted-${freeze}`, "status", `goes on in a freeze (${name}): ${why}`);
}
