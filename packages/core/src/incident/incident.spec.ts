import ICAL from "ical.js";
import { describe, expect, it } from "vitest";
import { personId } from "../actor/schema.ts";
import { hours } from "../kit/duration.ts";
import { fromMillis, type Instant, minus, plus, toMillis } from "../kit/instant.ts";
import type { PersonCommand } from "../release/person-commands.ts";
import { Drive, person } from "../testing/drive.ts";
import { samplePlan } from "../testing/plans.ts";
import { postmortemCalendar } from "./calendar.ts";
import { incidentRecord } from "./record.ts";
import type { IncidentState } from "./state.ts";

const EVE = "2025-06-04T01:00:00.000Z" as Instant;
const END = "2025-12-31T00:00:00.000Z" as Instant;

function watching(): Drive {
  const drive = new Drive(samplePlan(), EVE);
  drive.openGates();
  drive.runUntil(() => drive.state.steps.p1?.status === "watching", END);
  return drive;
}

function minutesLater(drive: Drive, minutes: number): void {
  drive.now = fromMillis(toMillis(drive.now) + minutes * 60_000);
}

const DECLARE: PersonCommand = { type: "DeclareIncident", summary: "prices are rounded down" };

describe("the incident of a rollback", () => {
  it("is filled in from the log: detected, decided, traffic back, verified, and by whom", () => {
    const drive = watching();
    minutesLater(drive, 4);
    drive.ask(person("eve", "Mobile Lead"), { type: "Pause" }, "before anything was seen");
    drive.person({ type: "Resume" });
    minutesLater(drive, 1);
    const seen = drive.now;
    drive.signal({ name: "Crash-free sessions", source: "sentry", at: seen });
    drive.world.values.set("errors", { value: 50, count: 10_000 });
    drive.visit();
    expect(drive.state.status).toBe("running");
    minutesLater(drive, 3);
    drive.signal({ name: "Api5xx" });
    const decided = drive.now;
    expect(drive.state.status).toBe("rolling-back");
    minutesLater(drive, 2);
    drive.settle();
    const record = incidentRecord(drive.plan, drive.state, drive.log);
    expect(record).toMatchObject({
      id: "INC-REL-1",
      declared: false,
      outcome: "rolled-back",
      moments: { detected: seen, decided, trafficBack: drive.now, verified: drive.now },
      durations: { toDecide: "3m", toTrafficBack: "2m", toVerify: "0s", whole: "5m" },
      postmortemDue: plus(drive.now, hours(48)),
    });
    expect(record?.scope).toContainEqual({ component: "api", released: "8", previous: "7" });
    const said = record?.timeline.map(({ what }) => what) ?? [];
    expect(said[0]).toBe("the release started");
    expect(said.some((what) => what.startsWith("rollback 1 begun"))).toBe(true);
    expect(said).toContain("everything was read back on its previous version");
    expect(record?.timeline.map(({ at }) => at)).toEqual(record?.timeline.map(({ at }) => at).toSorted());
    // Who only had a part before anything was seen is not one of its people.
    const ids = record?.people.flatMap((one) => one.ids) ?? [];
    expect(ids).not.toContain(personId("test", "eve"));
  });

  it("that a person decided, with no sign before it, was detected when it was decided", () => {
    const drive = watching();
    minutesLater(drive, 5);
    drive.person({ type: "Rollback" }, "it looks wrong");
    drive.settle();
    const record = incidentRecord(drive.plan, drive.state, drive.log);
    expect(record?.moments.detected).toBe(record?.moments.decided);
    expect(record?.durations.toDecide).toBe("0s");
    expect(record?.cause).toBe("it looks wrong");
  });

  it("is not there where nothing was touched, nor where all is well", () => {
    const drive = new Drive(samplePlan(), EVE);
    drive.person({ type: "Abort" }, "no longer wanted");
    expect(incidentRecord(drive.plan, drive.state, drive.log)).toBeUndefined();
    expect(incidentRecord(watching().plan, watching().state, [])).toBeUndefined();
  });
});

describe("an incident that is mended forward", () => {
  const REFUSED: [string, (drive: Drive) => void, PersonCommand, string][] = [
    ["in a component that there is not", () => {}, { ...DECLARE, components: ["x"] }, "incident.component"],
    ["seen in the future", () => {}, { ...DECLARE, detectedAt: END }, "incident.detected-at"],
    ["seen before the release", () => {}, { ...DECLARE, detectedAt: EVE }, "incident.detected-at"],
    ["twice", (drive) => drive.person(DECLARE), DECLARE, "incident.open"],
    ["resolved before it was declared", () => {}, { type: "ResolveIncident", how: "x" }, "incident.none"],
    [
      "resolved twice",
      (drive) => {
        drive.person(DECLARE);
        drive.person({ type: "ResolveIncident", how: "mended" });
      },
      { type: "ResolveIncident", how: "mended" },
      "incident.resolved",
    ],
    [
      "resolved where the rollback did",
      (drive) => {
        drive.person({ type: "Rollback" });
        drive.settle();
      },
      { type: "ResolveIncident", how: "mended" },
      "incident.rolled-back",
    ],
  ];
  it.each(REFUSED)("%s is refused", (_, given, command, code) => {
    const drive = watching();
    given(drive);
    expect(drive.person(command)).toMatchObject({ ok: false, rejection: { code } });
  });

  it("before the release has changed anything is refused", () => {
    const drive = new Drive(samplePlan(), EVE);
    expect(drive.person(DECLARE)).toMatchObject({ rejection: { code: "incident.too-early" } });
  });

  it("stops nothing, owes its postmortem, is announced with links, and is measured to its end", () => {
    const drive = watching();
    const seen = minus(drive.now, "0s" as never);
    minutesLater(drive, 1);
    expect(
      drive.person({ ...DECLARE, components: ["api"], detectedAt: seen } as PersonCommand),
    ).toMatchObject({ ok: true });
    expect(drive.state.status).toBe("running");
    expect(drive.state.obligations?.postmortem?.due).toBe(plus(drive.now, hours(48)));
    const told = Object.values(drive.state.messages).find(({ links }) => links !== undefined);
    expect(told?.links?.map(({ path }) => path)).toEqual([
      "/v1/releases/REL-1/incident",
      "/v1/releases/REL-1/postmortem.ics",
    ]);
    minutesLater(drive, 3);
    drive.person({ type: "ResolveIncident", how: "the flag is off" });
    expect(incidentRecord(drive.plan, drive.state, drive.log)).toMatchObject({
      declared: true,
      cause: "prices are rounded down",
      outcome: "resolved",
      how: "the flag is off",
      scope: [{ component: "api" }],
      durations: { toDecide: "1m", toVerify: "3m", whole: "4m" },
    });
  });

  it("and rolled back after all stays one incident", () => {
    const drive = watching();
    drive.person(DECLARE);
    drive.person({ type: "Rollback" }, "it cannot be mended");
    drive.settle();
    expect(drive.log.filter(({ event }) => event.type === "IncidentOpened")).toHaveLength(1);
    expect(drive.state.incident?.declared).toBe(true);
  });
});

describe("the postmortem's date", () => {
  const incident: IncidentState = {
    id: "INC-REL-1",
    openedAt: "2025-06-04T02:17:03.123Z" as Instant,
    postmortemDue: "2025-06-06T02:17:03.123Z" as Instant,
    cause: "semicolon; comma, back\\slash\nand a second line ".concat("ä€😀".repeat(40)),
  };
  const title = `Prices, rounded; ${"Größe 😀 ".repeat(12)}`;
  const text = postmortemCalendar({ release: "REL-1", title, incident, role: "Release Manager" });

  it("has lines of at most 75 octets that end in CRLF, and no other line ends", () => {
    const lines = text.split("\r\n");
    expect(lines.at(-1)).toBe("");
    expect(text.replaceAll("\r\n", "")).not.toMatch(/[\r\n]/);
    expect(Math.max(...lines.map((line) => new TextEncoder().encode(line).length))).toBeLessThanOrEqual(75);
    // A character that was cut in two would be lost in the encoding.
    expect(text).not.toContain("\uFFFD");
    expect(lines.some((line) => line.startsWith(" "))).toBe(true);
  });

  it("is read by a calendar as it was meant", () => {
    const calendar = new ICAL.Component(ICAL.parse(text));
    expect(calendar.getFirstPropertyValue("version")).toBe("2.0");
    expect(calendar.getFirstPropertyValue("prodid")).toContain("gonogo");
    const found = calendar.getFirstSubcomponent("vevent");
    if (found === null) throw new Error("no event");
    const event = new ICAL.Event(found);
    expect(event.uid).toBe("postmortem-INC-REL-1@gonogo");
    expect(event.summary).toBe(`Postmortem INC-REL-1: ${title}`);
    expect(event.description).toContain(incident.cause);
    expect(event.endDate.toJSDate().toISOString()).toBe("2025-06-06T02:17:03.000Z");
    expect(event.duration.toSeconds()).toBe(3600);
    expect(found.getFirstPropertyValue("dtstamp")?.toString()).toBe("2025-06-04T02:17:03Z");
  });

  it("is the same entry however often it is fetched", () => {
    expect(postmortemCalendar({ release: "REL-1", title, incident, role: "Release Manager" })).toBe(text);
  });
});
