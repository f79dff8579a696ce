import { adapterFor } from "@gonogo/adapters/targets";
import type { Inspector } from "@gonogo/core/doctor/port";
import type { Finding } from "@gonogo/core/doctor/schema";
import { fromMillis, toMillis } from "@gonogo/core/kit/instant";
import { messageOf, oneOf } from "@gonogo/core/kit/text";
import type { Loaded } from "@gonogo/core/release/ports";
import { isArmed } from "@gonogo/core/release/state";
import { alarmsOf } from "@gonogo/core/signal/decide";
import { tagSetsOf, tagsKey, withTagged } from "@gonogo/core/signal/tagged";
import type { Using } from "../runtime.ts";

export type Examining = Using<"store" | "timers" | "alarms" | "targets" | "shelves" | "trust"> & {
  readonly inspector: Inspector;
};

/** Releases that are looked into; more are counted and left. */
const MOST = 200;
const AT_ONCE = 10;
/** A visit that is late by this much was lost; the sweep comes every five minutes. */
const LATE_MS = 10 * 60_000;

/** What active releases stand on: alarms, targets, their next visit, their stand-by. */
export async function examineReleases(runtime: Examining): Promise<Finding[]> {
  const ids: string[] = [];
  let after: string | undefined;
  do {
    const page = await runtime.store.list("active", {
      limit: 100,
      ...(after === undefined ? {} : { after }),
    });
    ids.push(...page.items.map(({ id }) => id));
    after = page.next;
  } while (after !== undefined && ids.length < MOST);
  const findings: Finding[] = [];
  for (let from = 0; from < Math.min(ids.length, MOST); from += AT_ONCE) {
    const some = ids.slice(from, Math.min(from + AT_ONCE, MOST));
    findings.push(...(await Promise.all(some.map((id) => examineOne(runtime, id)))).flat());
  }
  if (after !== undefined) {
    const says = `more than ${MOST} are active; those after the first ${MOST} were not looked into`;
    findings.push({ part: "releases", condition: "unknown", says });
  }
  return findings;
}

async function examineOne(runtime: Examining, id: string): Promise<Finding[]> {
  const part = `release ${id}`;
  try {
    const loaded = await runtime.store.load(id);
    if (loaded === undefined) return [];
    const found = await Promise.all([
      alarmsWrong(runtime, loaded),
      targetsWrong(runtime, loaded),
      visitWrong(runtime, loaded),
      standByWrong(runtime, loaded),
    ]);
    const wrong = found.flat().map((one) => ({ part, ...one }));
    const says = "its alarms and targets are there, and it is looked after";
    return wrong.length > 0 ? wrong : [{ part, condition: "well", says }];
  } catch (error) {
    return [{ part, condition: "unknown", says: `it could not be looked into: ${messageOf(error)}` }];
  }
}

type Wrong = Omit<Finding, "part">;

async function alarmsWrong({ alarms }: Examining, { plan, state }: Loaded): Promise<Wrong[]> {
  const found = await Promise.all(
    tagSetsOf(plan).map(async (tags) => ({ tags, alarms: await alarms.tagged(tags) })),
  );
  const untagged = found.filter((one) => one.alarms.length === 0).map(({ tags }) => tagsKey(tags));
  const seen = await alarms.read(alarmsOf(plan, withTagged(plan, state, found)));
  const missing = seen.filter(({ state }) => state === "missing").map(({ name }) => name);
  const muted = seen.filter((one) => one.state !== "missing" && one.muted).map(({ name }) => name);
  const remedy = "make it in CloudWatch, or submit the plan with the alarm's right name";
  return [
    ...untagged.map((tags) => ({
      condition: "ill" as const,
      says: `no alarm is tagged ${tags}`,
      remedy: `tag the alarms in CloudWatch (aws cloudwatch tag-resource), or submit the plan with other tags`,
    })),
    ...(missing.length === 0
      ? []
      : [{ condition: "ill" as const, says: `there is no alarm ${oneOf(missing, "and no")}`, remedy }]),
    ...(muted.length === 0
      ? []
      : [
          {
            condition: "warning" as const,
            says: `the notifications of ${oneOf(muted, "and")} are off; the release listens all the same`,
            remedy: "turn its actions on, so that people hear of it too",
          },
        ]),
  ];
}

async function targetsWrong({ targets }: Examining, { plan, state }: Loaded): Promise<Wrong[]> {
  const found = await Promise.all(
    plan.components.map(async ({ id, target }): Promise<Wrong[]> => {
      const remedy = "docs/operations.md says what the target needs; declare it, and deploy";
      try {
        const adapter = adapterFor(targets, target);
        const versions = state.components[id];
        if (adapter === undefined) return [];
        if (versions !== undefined) {
          await adapter.read(target, versions);
          return [];
        }
        const pinned = await adapter.pin(target);
        return pinned.ok ? [] : [{ condition: "ill", says: `${id}: ${pinned.message}`, remedy }];
      } catch (error) {
        return [{ condition: "ill", says: `${id} cannot be read: ${messageOf(error)}`, remedy }];
      }
    }),
  );
  return found.flat();
}

async function visitWrong({ timers, clock }: Examining, { state }: Loaded): Promise<Wrong[]> {
  const armed = await timers.armed(state.id);
  const late = fromMillis(toMillis(clock.now()) - LATE_MS);
  if (armed !== undefined && armed >= late) return [];
  const says =
    armed === undefined ? "no visit is set for it" : `its visit was due at ${armed}, and did not come`;
  return [
    { condition: "ill", says, remedy: "the sweep visits it; if it does not, look at the function sweep" },
  ];
}

async function standByWrong({ inspector }: Examining, { plan, state }: Loaded): Promise<Wrong[]> {
  const hasCalls = Object.values(state.components).some(({ revert }) => revert !== undefined);
  const listens = plan.triggers.some(({ signals }) => signals.length > 0);
  if (!isArmed(state.status) || !hasCalls || !listens) return [];
  const seen = await inspector.standBy(state.id);
  if (seen.kind === "there" && seen.enabled) return [];
  if (seen.kind === "unknown") {
    return [{ condition: "unknown", says: `its stand-by could not be looked at: ${seen.why}` }];
  }
  const says = "no stand-by puts it back when the store is gone";
  return [{ condition: "ill", says, remedy: "the next visit puts it up again; watch the function visit" }];
}
