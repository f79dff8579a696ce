import type { Actor } from "@gonogo/core/actor/schema";
import { hours } from "@gonogo/core/kit/duration";
import { fromMillis, type Instant, minus, toMillis } from "@gonogo/core/kit/instant";
import { Drive, person } from "@gonogo/core/testing/drive";
import { fullPlan } from "./plans.ts";

export interface Scenario {
  readonly drive: Drive;
  /** Its people answer, where stand-ins are on. */
  readonly live: boolean;
}

/** What the server's clock says when it starts. */
export const NOW = "2025-06-04T12:00:00.000Z" as Instant;

/** A release brought to a moment of its life; T is chosen so that this moment is `NOW`. */
function made(id: string, title: string, run: (drive: Drive) => void): Drive {
  const runWith = (t: Instant) => {
    const drive = new Drive(fullPlan(id, title, t), minus(t, hours(4)));
    run(drive);
    return drive;
  };
  const tried = runWith(NOW);
  return runWith(fromMillis(toMillis(NOW) - (toMillis(tried.now) - toMillis(NOW))));
}

/** Releases in every state that the page has to show, each brought about by the core itself. */
export function scenarios(): Map<string, Scenario> {
  const found = new Map<string, Scenario>();
  const add = (id: string, title: string, run: (drive: Drive) => void, live = false) => {
    found.set(id, { drive: made(id, title, run), live });
  };
  add("REL-GATES", "Gates: two answers in, one No", (drive) => {
    drive.ask(person("ada", "Ops"), {
      type: "AnswerCheck",
      check: "signed",
      answer: "yes",
      evidence: "build 8812",
    });
    drive.ask(person("karen", "Product"), {
      type: "AnswerCheck",
      check: "notes",
      answer: "no",
      note: "typo",
    });
    drive.ask(person("edsger", "CTO"), { type: "Approve", role: "CTO", plan: drive.state.plan });
    drive.now = drive.at(-110);
  });
  add("REL-READY", "Ready: the gates are open", (drive) => {
    drive.openGates();
    until(drive, -40);
  });
  add("REL-POLL", "Poll: waiting for votes", (drive) => {
    drive.openGates();
    drive.punctual = false;
    until(drive, -30);
    drive.person({ type: "CompleteStep", step: "freeze", ok: true, output: "main is locked" });
    until(drive, -15);
    drive.ask(person("ada", "Ops"), { type: "Vote", role: "Ops", vote: "go" });
    until(drive, -8);
  });
  add("REL-WATCH", "Running: 10 % under watch", (drive) => {
    drive.openGates();
    until(drive, 9);
  });
  add("REL-APP", "Running: the app at half", (drive) => {
    drive.openGates();
    until(drive, 250);
  });
  add("REL-HELD", "Held: no data for the error rate", (drive) => {
    drive.openGates();
    until(drive, 5);
    drive.world.values.set("errors", undefined);
    until(drive, 22);
  });
  add("REL-PAUSED", "Paused: the app crashes", (drive) => {
    drive.openGates();
    until(drive, 100);
    drive.world.values.set("crash-free", { value: 97.1, count: 9000 });
    drive.signal({ source: "sentry", name: "Crash-free sessions" });
    until(drive, 105);
  });
  add("REL-BACK", "Rolling back: one step by hand", (drive) => {
    drive.openGates();
    until(drive, 24);
    drive.punctual = false;
    drive.world.redden("Api5xx", drive.now);
    drive.signal({ name: "Api5xx" });
    drive.settle();
    drive.now = drive.at(26);
  });
  add("REL-UNDONE", "Rolled back by an alarm", (drive) => {
    drive.openGates();
    until(drive, 40);
    drive.world.redden("Api5xx", drive.now);
    drive.signal({ name: "Api5xx" });
    drive.settle();
  });
  add("REL-VALIDATE", "Validating", (drive) => {
    drive.openGates();
    drive.runUntil(({ status }) => status === "validating", drive.at(4000));
  });
  const validated = (drive: Drive) => {
    drive.openGates();
    drive.runUntil(({ status }) => status === "validating", drive.at(4000));
    drive.person({ type: "RecordValidation", validation: "smoke", pass: true, result: "works" });
    drive.person({ type: "GiveReading", metric: "stars", value: 4.7 });
    drive.runUntil(({ status }) => status === "reviewing", drive.at(4000));
  };
  add("REL-REVIEW", "Reviewing", validated);
  add("REL-DONE", "Completed", (drive) => {
    validated(drive);
    const entries = { "What went well": "Every watch passed on its first look.", Actions: "None." };
    drive.person({ type: "SignReview", role: "Release Manager", entries });
  });
  add("REL-ABORTED", "Aborted before anything was shifted", (drive) => {
    drive.person({ type: "Abort" }, "The customer asked for another day.");
  });
  add(
    "REL-LIVE",
    "Inference API 8 and the mobile app",
    (drive) => {
      drive.openGates();
      until(drive, 2);
    },
    true,
  );
  return found;
}

function until(drive: Drive, minutes: number): void {
  drive.runUntil(() => false, drive.at(minutes));
}

/** People of the sample, so that a person can be chosen. */
export const PEOPLE = [
  { id: "everyone", name: "Grace Hopper", roles: ["Release Manager"] },
  { id: "ada", name: "Ada Lovelace", roles: ["Ops"] },
  { id: "edsger", name: "Edsger Dijkstra", roles: ["CTO"] },
  { id: "barbara", name: "Barbara Liskov", roles: ["Security"] },
  { id: "margaret", name: "Margaret Hamilton", roles: ["Mobile Lead"] },
  { id: "karen", name: "Karen Sparck Jones", roles: ["Product"] },
  { id: "visitor", name: "A visitor", roles: [] },
];

export function actorOf(id: string): Actor | undefined {
  const found = PEOPLE.find((one) => one.id === id);
  return found === undefined ? undefined : person(found.id, ...found.roles);
}
