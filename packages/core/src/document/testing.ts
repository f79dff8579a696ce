import { validationsOf } from "../review/decide.ts";
import type { Drive } from "../testing/drive.ts";
import { person } from "../testing/drive.ts";

/** Answers what is only asked of people after the rollout, and signs the review. */
export function finish(drive: Drive): void {
  const everyone = person("everyone", "Release Manager", ...drive.plan.roles.map(({ name }) => name));
  for (const { id, person: asked } of validationsOf(drive.plan)) {
    if (!asked || drive.state.validations[id]?.verdict === "pass") continue;
    drive.ask(everyone, { type: "RecordValidation", validation: id, pass: true, result: "as it should be" });
  }
  drive.visit();
  drive.settle();
  drive.ask(everyone, {
    type: "SignReview",
    role: drive.plan.review.role,
    entries: { "Lessons Learned": "Begin earlier.\nAsk | twice.", "Review Date": "2026-03-18" },
  });
}
