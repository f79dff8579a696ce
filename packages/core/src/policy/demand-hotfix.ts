import { spoken, toMs } from "../kit/duration.ts";
import { oneOf } from "../kit/text.ts";
import type { Amended } from "./amended.ts";
import type { Demands } from "./schema.ts";

/** What an emergency change has to say of itself; its tests and its soak become lines of the checklist. */
export function demandHotfix(amended: Amended, { hotfix: demanded }: Demands): void {
  if (demanded === undefined) return;
  const { plan } = amended;
  const { hotfix } = plan;
  if (hotfix === undefined) {
    const message = "an emergency change says which fault it mends";
    amended.weaker(
      "hotfix",
      ["changeClass"],
      message,
      `write hotfix: { severity: ${demanded.severities[0]} }`,
    );
    return;
  }
  if (!demanded.severities.includes(hotfix.severity)) {
    const message = `a hotfix mends a fault of ${oneOf(demanded.severities)}, not ${hotfix.severity}`;
    const fix = "release it as a standard or elevated change";
    amended.weaker("hotfix-severity", ["hotfix", "severity"], message, fix);
  }
  if (hotfix.board !== demanded.board) {
    const message = `a hotfix is let through by the ${demanded.board}`;
    amended.weaker("hotfix-board", ["hotfix", "board"], message, `write board: ${demanded.board}`);
  }
  if (demanded.soak !== undefined && toMs(hotfix.soak) < toMs(demanded.soak)) {
    const message = `it runs in staging for ${spoken(demanded.soak)}, not ${spoken(hotfix.soak)}`;
    amended.weaker("hotfix-soak", ["hotfix", "soak"], message, `write soak: ${spoken(demanded.soak)}`);
  }
  if (demanded.tests && hotfix.targetedTests.length === 0) {
    const message = "a hotfix names the tests that it was tried on";
    amended.weaker(
      "hotfix-tests",
      ["hotfix"],
      message,
      "write targetedTests: [ the tests of what it touches ]",
    );
  }
  const role = demanded.testedBy;
  if (role === undefined) return;
  amended.needsRole(role);
  const tests = hotfix.targetedTests.join(", ").slice(0, 300);
  const lines = [
    { id: "hotfix-tests", check: `The targeted tests have passed: ${tests || "none named"}`, role },
    {
      id: "hotfix-soak",
      check: `It has run in staging for ${spoken(hotfix.soak)}, and the smoke tests passed`,
      role,
    },
  ];
  const missing = lines.filter(({ id }) => !plan.checklist.some((one) => one.id === id));
  amended.set({ checklist: [...plan.checklist, ...missing] });
}
