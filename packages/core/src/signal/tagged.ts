import { isTestName } from "../integration/schema.ts";
import { canonicalJson } from "../kit/digest.ts";
import { oneOf } from "../kit/text.ts";
import { tell } from "../message/auto.ts";
import type { Plan } from "../plan/schema.ts";
import type { SeenAlarm } from "../release/commands.ts";
import type { Draft } from "../release/draft.ts";
import type { AlarmDefinition } from "../release/events.ts";
import { isArmed, type ReleaseState } from "../release/state.ts";
import type { NamedSignal, SignalBinding, Tags, Trigger } from "../trigger/schema.ts";

/** The alarms that carried all of these tags just now. */
export interface SeenTagged {
  readonly tags: Tags;
  readonly alarms: readonly string[];
}

export interface TaggedEvent {
  /** Which alarms a plan's tags stand for, from now on. */
  readonly type: "AlarmsResolved";
  readonly tags: Tags;
  /** All that are listened to for these tags. */
  readonly alarms: readonly string[];
  /** What joined a release under way, as it was then. */
  readonly joined?: readonly AlarmDefinition[];
  /** No longer listened to: before the start the tag was taken off. */
  readonly gone?: readonly string[];
  /** They carry the tags as well, and are too many to be listened to. */
  readonly left?: readonly string[];
}

export interface TaggedAlarms {
  readonly alarms: readonly string[];
  readonly left?: readonly string[];
}

/** What the tags of a plan stand for, by `tagsKey`. */
export interface TaggedOfRelease {
  readonly tagged?: Readonly<Record<string, TaggedAlarms>>;
}

/**
 * As many alarms are listened to by tags, and as many characters of names in all: each is an item of the table,
 * and they stand in the pattern of one rule, of which EventBridge takes 2,048 characters.
 */
const MOST_ALARMS = 40;
const MOST_CHARACTERS = 1_800;

/** `service=checkout, stage=production`: the same for the same tags, in whatever order they are written. */
export function tagsKey(tags: Tags): string {
  return Object.entries(tags)
    .map(([key, value]) => `${key}=${value}`)
    .toSorted()
    .join(", ");
}

/** The sets of tags that a trigger is bound by. */
export function tagsIn({ signals }: Pick<Trigger, "signals">): Tags[] {
  return signals.flatMap(({ tags }) => (tags === undefined ? [] : [tags]));
}

/** Every set of tags that a plan binds alarms by, once. */
export function tagSetsOf(plan: Pick<Plan, "triggers">): Tags[] {
  const sets = plan.triggers.flatMap(tagsIn);
  return [...new Map(sets.map((tags) => [tagsKey(tags), tags])).values()];
}

/** A trigger's alarms by their names: those it names, and those that its tags stand for. */
export function namedSignals(
  state: TaggedOfRelease | undefined,
  { signals }: Pick<Trigger, "signals">,
): NamedSignal[] {
  return signals.flatMap(({ from, name, tags }): NamedSignal[] => {
    if (name !== undefined) return [{ from, name }];
    const known = tags === undefined ? undefined : state?.tagged?.[tagsKey(tags)];
    return (known?.alarms ?? []).map((alarm) => ({ from, name: alarm }));
  });
}

/** What stands in for tagged alarms where there are none: in a simulation, one for each set of tags. */
export function imagined(plan: Pick<Plan, "triggers">): Required<TaggedOfRelease> {
  const alarms = (tags: Tags): TaggedAlarms => ({ alarms: [`tagged ${tagsKey(tags)}`] });
  return { tagged: Object.fromEntries(tagSetsOf(plan).map((tags) => [tagsKey(tags), alarms(tags)])) };
}

/** The same, as it is seen. */
export function seenImagined(plan: Pick<Plan, "triggers">): SeenTagged[] {
  const { tagged } = imagined(plan);
  return tagSetsOf(plan).map((tags) => ({ tags, alarms: tagged[tagsKey(tags)]?.alarms ?? [] }));
}

/** A binding in words: `cloudwatch:Api5xx`, `cloudwatch alarms tagged service=checkout`. */
export function describeBinding({ from, name, tags }: SignalBinding): string {
  return name === undefined ? `${from} alarms tagged ${tagsKey(tags ?? {})}` : `${from}:${name}`;
}

/** Whether a plan's tags are looked up before its start out of their turn: nobody has, or nothing carries them. */
export function isUnresolved(plan: Plan, state: TaggedOfRelease): boolean {
  return tagSetsOf(plan).some((tags) => (state.tagged?.[tagsKey(tags)]?.alarms.length ?? 0) === 0);
}

/** Whether nobody has looked up yet what some of a plan's tags stand for. */
export function isUnknown(plan: Plan, state: TaggedOfRelease): boolean {
  return tagSetsOf(plan).some((tags) => state.tagged?.[tagsKey(tags)] === undefined);
}

/** What keeps the gates closed for the sake of tags. */
export function taggedBlockers(plan: Plan, state: TaggedOfRelease): string[] {
  return tagSetsOf(plan).flatMap((tags) => {
    const key = tagsKey(tags);
    const known = state.tagged?.[key];
    if (known === undefined) return [`which alarms are tagged ${key} has not been looked up yet`];
    if (known.alarms.length === 0) return [`no alarm is tagged ${key}, and triggers are bound to it`];
    if (known.left === undefined) return [];
    const count = known.alarms.length + known.left.length;
    return [`${count} alarms are tagged ${key}, more than one release listens to: bind by a narrower tag`];
  });
}

/** What tags stand for once this has been seen: before the start what was seen, after it never less than before. */
export function withTagged(plan: Plan, state: ReleaseState, seen: readonly SeenTagged[]): ReleaseState {
  let known = state;
  for (const one of seen) {
    const next = resolved(plan, known, one);
    known = { ...known, tagged: { ...known.tagged, [tagsKey(one.tags)]: next } };
  }
  return known;
}

function resolved(plan: Plan, state: ReleaseState, seen: SeenTagged): TaggedAlarms {
  const key = tagsKey(seen.tags);
  // What people started a release with is not taken from it by taking off a tag.
  const alarms = [...(state.startedAt === undefined ? [] : (state.tagged?.[key]?.alarms ?? []))];
  const { [key]: _, ...rest } = state.tagged ?? {};
  const others = plan.triggers.flatMap((trigger) =>
    namedSignals({ tagged: rest }, trigger).map(({ name }) => name),
  );
  const left: string[] = [];
  for (const name of seen.alarms.toSorted()) {
    // Test alarms reach no release, whatever tags they carry.
    if (alarms.includes(name) || isTestName(name)) continue;
    const all = [...new Set([...others, ...alarms, name])];
    const fits = alarms.length < MOST_ALARMS && JSON.stringify(all).length <= MOST_CHARACTERS;
    (fits ? alarms : left).push(name);
  }
  return left.length === 0 ? { alarms } : { alarms, left };
}

/**
 * Writes down what a plan's tags stand for. Before the start it is what carries them now. An alarm that gets them
 * after the start is listened to from then on, red or not; one that loses them is listened to on, and one that is
 * deleted stops the release as any other would (S13).
 */
export function settleTagged(
  draft: Draft,
  seen: readonly SeenTagged[] = [],
  alarms: readonly SeenAlarm[] = [],
): void {
  const { state } = draft;
  const isOpen = state.status === "gates" || state.status === "ready";
  if (!isOpen && !isArmed(state.status)) return;
  // A look at the plan before says nothing of the one that it was revised to.
  const asked = tagSetsOf(draft.plan).map(tagsKey);
  const existing = alarms.filter(({ state: level }) => level !== "missing");
  for (const [index, { tags, alarms: found }] of seen.entries()) {
    const key = tagsKey(tags);
    if (!asked.includes(key)) continue;
    const known = draft.state.tagged?.[key];
    // What is deleted may be found for a while still; what cannot be read does not join a release under way.
    const there = isOpen ? found : found.filter((name) => existing.some((one) => one.name === name));
    const next = resolved(draft.plan, draft.state, { tags, alarms: there });
    if (known !== undefined && canonicalJson(known) === canonicalJson(next)) continue;
    const added = next.alarms.filter((name) => known?.alarms.includes(name) !== true);
    const gone = (known?.alarms ?? []).filter((name) => !next.alarms.includes(name));
    const joined = isOpen ? [] : existing.filter(({ name }) => added.includes(name)).map(definitionOf);
    draft.emit({
      type: "AlarmsResolved",
      tags,
      alarms: next.alarms,
      ...(joined.length === 0 ? {} : { joined }),
      ...(gone.length === 0 ? {} : { gone }),
      ...(next.left === undefined ? {} : { left: next.left }),
    });
    if (isOpen) continue;
    const said = [
      ...(added.length === 0 ? [] : [`${oneOf(added, "and")} got the tag ${key} and can fire from now on`]),
      ...(next.left === undefined
        ? []
        : [`${oneOf(next.left, "and")} got it too, and cannot be listened to`]),
    ];
    if (said.length > 0) tell(draft, `tagged-${index}-${draft.now}`, "status", said.join("; "));
  }
}

function definitionOf({ name, digest, muted }: SeenAlarm): AlarmDefinition {
  return { name, digest, muted };
}

export function evolveTagged(state: ReleaseState, event: TaggedEvent): ReleaseState {
  const { tags, alarms, left, joined = [] } = event;
  const known = left === undefined ? { alarms } : { alarms, left };
  const defined = joined.map(({ name, digest, muted }) => [name, { digest, muted }]);
  return {
    ...state,
    tagged: { ...state.tagged, [tagsKey(tags)]: known },
    ...(joined.length === 0 ? {} : { alarms: { ...state.alarms, ...Object.fromEntries(defined) } }),
  };
}
