import { freezeAt } from "../../freeze/schema.ts";
import { spoken, toMs } from "../../kit/duration.ts";
import { at as momentOf, offsetMs, spokenOffset } from "../../kit/offset.ts";
import { pointer } from "../../kit/problem.ts";
import { isPhase } from "../../step/schema.ts";
import { parseNeed, timelineOrder } from "../graph.ts";
import { plannedEnd, plannedTimeline } from "../timeline.ts";
import { error, type Rule, warning } from "./rule.ts";

/** A timeline that its own limit would cut off. */
export const beyondLimit: Rule = (plan) => {
  const end = plannedEnd(plan);
  if (offsetMs(end) <= toMs(plan.limits.maxDuration)) return [];
  return [
    error("beyond-limit", {
      pointer: pointer("limits", "maxDuration"),
      message: `the timeline ends at ${spokenOffset(end)}, and nothing shifts after ${spoken(plan.limits.maxDuration)}`,
      fix: `write maxDuration: ${spoken(`${end.slice(2)}` as typeof plan.limits.maxDuration)} or more, or shorten the timeline`,
    }),
  ];
};

/** Phases that are due while nothing may be shifted. */
export const intoFreeze: Rule = (plan, { freezes = [] }) =>
  plannedTimeline(plan).flatMap(({ step, starts }) => {
    if (!isPhase(step)) return [];
    const due = momentOf(plan.start, starts);
    const meant = plan.freezes.filter(({ components }) => components?.includes(step.component) !== false);
    const freeze = freezeAt([...meant, ...freezes], due);
    if (freeze === undefined) return [];
    return [
      error("into-freeze", {
        pointer: pointer("steps", plan.steps.indexOf(step), "at"),
        message: `${step.id} is due at ${due}, in the freeze "${freeze.name}" (${freeze.from} to ${freeze.to})`,
        fix: `start so that it is due before ${freeze.from} or from ${freeze.to} on`,
      }),
    ];
  });

/** A vote that comes too late to stop anything, or before those who approve have to have done so. */
export const pollTimes: Rule = (plan) => {
  const { poll } = plan;
  if (poll === undefined) return [];
  const firstPhase = timelineOrder(plan).find(isPhase);
  const firstRow = timelineOrder(plan)[0];
  const where = (field: string) => pointer("poll", field);
  if (offsetMs(poll.at) >= offsetMs(poll.closes)) {
    const message = `the vote opens at ${spokenOffset(poll.at)} and closes at ${spokenOffset(poll.closes)}`;
    return [error("poll-empty", { pointer: where("closes"), message, fix: "let it close after it opens" })];
  }
  if (firstPhase !== undefined && offsetMs(poll.closes) > offsetMs(firstPhase.at)) {
    return [
      error("poll-late", {
        pointer: where("closes"),
        message: `the vote closes at ${spokenOffset(poll.closes)}, after ${firstPhase.id} shifts at ${spokenOffset(firstPhase.at)}`,
        fix: `write closes: ${spokenOffset(firstPhase.at)} or before`,
      }),
    ];
  }
  if (firstRow === undefined || plan.approvals.length === 0 || offsetMs(poll.at) >= offsetMs(firstRow.at))
    return [];
  return [
    warning("poll-early", {
      pointer: where("at"),
      message: `the vote opens at ${spokenOffset(poll.at)}, before the first row (${spokenOffset(firstRow.at)}): approvals and checklist have to be complete by then`,
      fix: `write at: ${spokenOffset(firstRow.at)} or later`,
    }),
  ];
};

/** Messages that are due before what they say can be true: they will be late. */
export const messageBeforeClaim: Rule = (plan) => {
  const planned = new Map(plannedTimeline(plan).map((row) => [row.step.id, row]));
  return plan.messages.flatMap((message, index) =>
    message.needs.flatMap((text, n) => {
      const { step, until } = parseNeed(text);
      const row = planned.get(step);
      const trueAt = until === "shifted" ? row?.starts : row?.ends;
      if (trueAt === undefined || offsetMs(trueAt) <= offsetMs(message.at)) return [];
      return [
        warning("message-early", {
          pointer: pointer("messages", index, "needs", n),
          message: `${message.id} is due at ${spokenOffset(message.at)} and waits for ${text}, which comes at ${spokenOffset(trueAt)}`,
          fix: `write at: ${spokenOffset(trueAt)}, or let it say something else`,
        }),
      ];
    }),
  );
};
