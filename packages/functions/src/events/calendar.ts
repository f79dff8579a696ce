import { OutsideError } from "@gonogo/adapters/http/call";
import { CLOCK } from "@gonogo/core/actor/schema";
import type { DeploymentEvent } from "@gonogo/core/deployment/events";
import { DEPLOYMENT } from "@gonogo/core/deployment/state";
import { channelIntegration } from "@gonogo/core/integration/schema";
import { minutes, ms } from "@gonogo/core/kit/duration";
import { plus } from "@gonogo/core/kit/instant";
import { messageOf } from "@gonogo/core/kit/text";
import { byMachine } from "../execute.ts";
import { executeForDeployment } from "../execute-deployment.ts";
import type { Using, Writing } from "../runtime.ts";
import { readCalendar } from "../tasks/look.ts";
import { carryOutTest } from "./integrations.ts";
import { noteSeen } from "./seen.ts";

/** Releases told side by side. */
const AT_ONCE = 10;

/** What an event of the deployment's own log asks for outside of it. */
export async function carryOutForDeployment(
  runtime: Writing & Using<"channel" | "testAlarm" | "shelves">,
  event: DeploymentEvent,
): Promise<void> {
  switch (event.type) {
    case "CalendarRulesSet":
    case "CalendarSpanDeclared":
    case "CalendarSpanLifted":
    case "CalendarImported":
    case "CalendarImportRemoved":
    case "RoleLent":
    case "RoleLendingWithdrawn":
      await applyCalendar(runtime);
      return;
    case "WindowNoticeDue":
      await sendNotices(runtime, false);
      return;
    case "IntegrationTestAsked":
      await carryOutTest(runtime, event);
      return;
    default:
      return;
  }
}

/**
 * Tells every active release what the calendar says for it now; one that has been told already changes
 * nothing. One that cannot be told keeps the others from nothing: it is tried again, and each shift reads the
 * calendar itself (S8). Gives the releases that are told something new.
 */
export async function applyCalendar(runtime: Writing): Promise<readonly string[]> {
  const told: string[] = [];
  const failures: unknown[] = [];
  let after: string | undefined;
  do {
    const page = await runtime.store.list("active", {
      limit: 100,
      ...(after === undefined ? {} : { after }),
    });
    for (let from = 0; from < page.items.length; from += AT_ONCE) {
      const some = page.items.slice(from, from + AT_ONCE);
      const results = await Promise.allSettled(
        some.map(async ({ id }) => {
          if (await tellOfCalendar(runtime, id)) told.push(id);
        }),
      );
      failures.push(...results.flatMap((one) => (one.status === "rejected" ? [one.reason] : [])));
    }
    after = page.next;
  } while (after !== undefined);
  if (failures.length > 0) throw failures[0];
  return told;
}

/** Tells one release; false where it knew all of it. */
export async function tellOfCalendar(runtime: Writing, release: string): Promise<boolean> {
  const loaded = await runtime.store.load(release);
  if (loaded === undefined) return false;
  const { calendar } = await readCalendar(runtime, loaded.plan, loaded.state);
  const outcome = await byMachine(runtime, release, "clock", { type: "ApplyCalendar", calendar });
  return outcome.ok && outcome.seq > loaded.seq;
}

/** So long an announcement is tried again while its channel says that it may be. */
const TRIED_FOR = ms(150_000);
/** An announcement that is due for so long was lost by whoever had it in hand. */
const LOST_AFTER = minutes(2);

/** Sends the announcements of maintenance windows that are due. Throws when a channel is away for now. */
export async function sendNotices(runtime: Using<"store" | "channel">, onlyLost: boolean): Promise<void> {
  const { state } = await runtime.store.deployment();
  const now = runtime.clock.now();
  for (const [notice, { status, at, channel, text }] of Object.entries(state.calendar.notices)) {
    if (status !== "due" || (onlyLost && now < plus(at, LOST_AFTER))) continue;
    const outgoing = {
      key: `${DEPLOYMENT}/${notice}`,
      release: DEPLOYMENT,
      channel,
      audience: "customers",
      text,
    };
    let sent = true;
    let detail: string;
    try {
      detail = (await runtime.channel.send(outgoing)).via;
      await noteSeen(runtime, channelIntegration(channel));
    } catch (error) {
      const isPassing = error instanceof OutsideError && error.retryable;
      if (isPassing && now < plus(at, TRIED_FOR)) throw error;
      sent = false;
      detail = messageOf(error).slice(0, 300);
    }
    const body = { type: "RecordNotice", notice, sent, detail } as const;
    await executeForDeployment(runtime, { id: runtime.newId(), actor: CLOCK, body });
  }
}
