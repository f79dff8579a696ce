import type { Me } from "@gonogo/client";
import { personId } from "@gonogo/core/actor/schema";
import type { Instant } from "@gonogo/core/kit/instant";
import { Drive, person } from "@gonogo/core/testing/drive";
import { samplePlan } from "@gonogo/core/testing/plans";
import { releaseView } from "@gonogo/core/view/release";
import { expect, test } from "vitest";
import { approvalActions, checkActions } from "./actions.ts";

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
