import type { Me } from "@gonogo/client";
import { personId } from "@gonogo/core/actor/schema";
import type { Instant } from "@gonogo/core/kit/instant";
import { Drive, person } from "@gonogo/core/testing/drive";
import { samplePlan } from "@gonogo/core/testing/plans";
import { releaseView } from "@gonogo/core/view/release";
import { expect, test } from "vitest";
import { approvalActions, checkActions, delegateActions, endActions } from "./actions.ts";

const ada = person("ada", "Ops", "CTO");
const me: Me = { id: personId("test", "ada"), name: "Ada", roles: ["Ops", "CTO"], demo: true };

function begun() {
  const drive = new Drive(samplePlan(), "2025-06-03T22:00:00.000Z" as Instant);
  return { drive, view: () => releaseView(drive.plan, drive.state, ada, drive.now) };
}

test("an answer can be changed, and the change is accepted", () => {
  const { drive, view } = begun();
  expect(checkActions(view(), "signed", me).map(({ label }) => label.split(":")[0])).toEqual(["Yes", "No"]);
  drive.ask(ada, { type: "AnswerCheck", check: "signed", answer: "no" });
  const [change, ...others] = checkActions(view(), "signed", me);
  expect(others).toEqual([]);
  expect(change?.label).toMatch(/^Change to Yes/);
  expect(drive.ask(ada, change!.command).ok).toBe(true);
  expect(checkActions(view(), "signed", { ...me, roles: [] })).toEqual([]);
});

test("a decline can be taken back by whoever declined", () => {
  const { drive, view } = begun();
  drive.ask(ada, { type: "Decline", role: "CTO", plan: drive.state.plan }, "not on a Friday");
  const [withdraw] = approvalActions(view(), "CTO");
  expect(withdraw?.command.type).toBe("WithdrawApproval");
  expect(drive.ask(ada, withdraw!.command, "it is Monday").ok).toBe(true);
  expect(approvalActions(view(), "CTO").map(({ command }) => command.type)).toContain("Approve");
});

test("a role that is signed here can be lent for this release, and is taken back by whoever gave it", () => {
  const { drive, view } = begun();
  const bob = personId("test", "bob");
  expect(delegateActions(view(), ["Cook"], Date.parse(drive.now))).toEqual([]);
  const [lend] = delegateActions(view(), ["CTO"], Date.parse(drive.now));
  // As it stands before anything is typed it is what the server foresees.
  expect(
    drive.ask(ada, { ...lend!.command, to: bob } as NonNullable<typeof lend>["command"], "on leave").ok,
  ).toBe(true);
  expect(endActions(view(), personId("test", "eve"))).toEqual([]);
  const [end] = endActions(view(), ada.kind === "person" ? ada.id : "");
  expect(end?.label).toBe("Withdraw the delegation of CTO");
  expect(drive.ask(ada, end!.command, "back again").ok).toBe(true);
  expect(endActions(view(), bob)).toEqual([]);
});
