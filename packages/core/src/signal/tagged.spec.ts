import { describe, expect, it } from "vitest";
import type { Instant } from "../kit/instant.ts";
import { planDigest } from "../plan/digest.ts";
import { checkPlan } from "../plan/read.ts";
import type { PlanInput } from "../plan/schema.ts";
import { claimsOf } from "../release/claims.ts";
import type { SeenAlarm } from "../release/commands.ts";
import { Drive } from "../testing/drive.ts";
import { samplePlan } from "../testing/plans.ts";
import { releaseView } from "../view/release.ts";
import { tagsKey } from "./tagged.ts";

const EVE = "2025-06-03T01:00:00.000Z" as Instant;
const END = "2025-06-20T00:00:00.000Z" as Instant;
const TAGS = { service: "checkout", stage: "production" };
const STAND_IN = "tagged service=checkout, stage=production";

type Signals = NonNullable<PlanInput["triggers"]>[number]["signals"];

function tagged(signals: Signals = [{ from: "cloudwatch", tags: TAGS }]): PlanInput["triggers"] {
  return [{ id: "any", says: "an alarm of checkout is red", signals, respond: "rollback", owner: "Ops" }];
}

function drive(): Drive {
  return new Drive(samplePlan({ triggers: tagged() }), EVE);
}

/** Up to the first phase's watch. */
function watching(): Drive {
  const one = drive();
  one.openGates();
  expect(one.runUntil((state) => state.steps.p1?.status === "watching", END)).toBe(true);
  return one;
}

function carriedBy(one: Drive, ...names: string[]): void {
  one.world.tagged = [{ tags: TAGS, alarms: names }];
  for (const name of names) {
    const alarm: SeenAlarm = { ...known(one), name, state: "ok" };
    if (!one.world.alarms.has(name)) one.world.alarms.set(name, alarm);
  }
}

function known(one: Drive): SeenAlarm {
  const [alarm] = one.world.alarms.values();
  if (alarm === undefined) throw new Error("the world has no alarm");
  return alarm;
}

const resolved = (one: Drive) =>
  one.log.flatMap(({ event }) => (event.type === "AlarmsResolved" ? [event] : []));

describe("a signal", () => {
  const refused = (signal: object) =>
    checkPlan({ ...samplePlan(), triggers: tagged([signal as never]) }).problems.map(
      ({ message }) => message,
    );

  it.each([
    [{ from: "cloudwatch" }, "name the alarm, or give the tags that it carries"],
    [{ from: "sentry" }, "name the alarm"],
    [{ from: "sentry", tags: TAGS }, "only CloudWatch's alarms are bound by tags"],
    [{ from: "cloudwatch", name: "A", tags: TAGS }, "by its name or by tags, not by both"],
    [{ from: "cloudwatch", tags: {} }, "give at least one tag"],
    [{ from: "cloudwatch", tags: { service: "x".repeat(257) } }, "256 characters at most"],
  ])("%j is refused, and it says what to write", (signal, said) => {
    expect(refused(signal).join()).toContain(said);
  });

  it("by name is as it was: a plan without tags has the digest that it had", () => {
    const plan = samplePlan();
    expect(JSON.stringify(plan)).not.toContain('"tags"');
    expect(planDigest(samplePlan({ triggers: tagged() }))).not.toBe(
      planDigest(samplePlan({ triggers: tagged([{ from: "cloudwatch", name: STAND_IN }]) })),
    );
  });

  it("has one key for its tags, in whatever order they are written", () => {
    expect(tagsKey({ b: "2", a: "1" })).toBe(tagsKey({ a: "1", b: "2" }));
  });
});

describe("before the start", () => {
  it("the gates stay closed until it is on record which alarms the tags stand for", () => {
    const one = drive();
    one.openGates();
    const waits = () => releaseView(one.plan, one.state, { kind: "clock" }, one.now).waitsFor;
    expect(one.state.status).toBe("gates");
    expect(JSON.stringify(waits())).toContain("has not been looked up yet");
    one.world.tagged = [{ tags: TAGS, alarms: [] }];
    one.visit();
    expect(one.state.status).toBe("gates");
    expect(JSON.stringify(waits())).toContain("no alarm is tagged service=checkout, stage=production");
    carriedBy(one, "Slow", "Api5xx");
    one.visit();
    expect(one.state.status).toBe("ready");
    expect(resolved(one).map(({ alarms }) => alarms)).toEqual([[], ["Api5xx", "Slow"]]);
    const view = releaseView(one.plan, one.state, { kind: "clock" }, one.now);
    expect(view.triggers[0]).toMatchObject({
      signals: ["cloudwatch:Api5xx", "cloudwatch:Slow"],
      tagged: [{ tags: tagsKey(TAGS), alarms: ["Api5xx", "Slow"] }],
    });
  });

  it("the tags stand for what carries them at the start, and the store is told what to listen to", () => {
    const one = drive();
    one.openGates();
    carriedBy(one, "Old", "Kept");
    one.visit();
    carriedBy(one, "Kept", "New");
    one.runUntil((state) => state.steps.p1?.status === "watching", END);
    expect(resolved(one).at(-1)).toMatchObject({ alarms: ["Kept", "New"], gone: ["Old"] });
    const at = one.log.findLast(({ event }) => event.type === "AlarmsResolved");
    const claims = claimsOf(one.plan, one.state, at === undefined ? [] : [at]);
    expect(claims.bind).toEqual(expect.arrayContaining(["cloudwatch:Kept", "cloudwatch:New"]));
    expect(claims.unbind).toEqual(["cloudwatch:Old"]);
    expect(Object.keys(one.state.alarms).toSorted()).toEqual(["Api5xx", "Kept", "New"]);
  });

  it("tags that too many carry are not cut off: a narrower tag is asked for", () => {
    const one = drive();
    one.openGates();
    carriedBy(one, ...Array.from({ length: 41 }, (_, n) => `A${n}`));
    one.visit();
    expect(one.state.status).toBe("gates");
    const view = releaseView(one.plan, one.state, { kind: "clock" }, one.now);
    expect(JSON.stringify(view.waitsFor)).toContain("41 alarms are tagged");
  });
});

describe("in a release under way", () => {
  it("an alarm that the tags stand for puts it back, by its event", () => {
    const one = watching();
    one.signal({ name: STAND_IN });
    expect(one.state.status).toBe("rolling-back");
    expect(one.state.rollback?.cause).toContain(STAND_IN);
  });

  it("one that is tagged later is listened to from then on, on record and told", () => {
    const one = watching();
    one.signal({ name: "Late" });
    expect(one.state.status).toBe("running");
    carriedBy(one, STAND_IN, "Late");
    one.visit();
    expect(resolved(one).at(-1)).toMatchObject({ alarms: [STAND_IN, "Late"], joined: [{ name: "Late" }] });
    expect(
      Object.values(one.state.messages)
        .map(({ text }) => text)
        .join(),
    ).toContain("Late got the tag");
    one.world.redden("Late", one.now);
    one.visit();
    expect(one.state.status).toBe("rolling-back");
  });

  it("one that is red when it is tagged counts as red", () => {
    const one = watching();
    carriedBy(one, STAND_IN, "Late");
    one.world.redden("Late", EVE);
    one.visit();
    expect(one.state.status).toBe("rolling-back");
  });

  it("taking the tag off takes no alarm from it", () => {
    const one = watching();
    carriedBy(one);
    one.visit();
    expect(resolved(one)).toHaveLength(1);
    one.signal({ name: STAND_IN });
    expect(one.state.status).toBe("rolling-back");
  });

  it("one that joined and is then edited stops it, as any other would", () => {
    const one = watching();
    carriedBy(one, STAND_IN, "Late");
    one.visit();
    one.world.alarms.set("Late", { ...known(one), name: "Late", state: "missing" });
    one.visit();
    expect(one.state.paused?.cause).toContain("Late was deleted");
  });

  it("what is tagged and cannot be read does not join", () => {
    const one = watching();
    one.world.tagged = [{ tags: TAGS, alarms: [STAND_IN, "Nowhere"] }];
    one.visit();
    expect(resolved(one)).toHaveLength(1);
  });
});
