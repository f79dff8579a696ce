import { OutsideError } from "@gonogo/adapters/http/call";
import { type Actor, CLOCK } from "@gonogo/core/actor/schema";
import type { ArchivePlace } from "@gonogo/core/archive/schema";
import { DEPLOYMENT } from "@gonogo/core/deployment/state";
import type { Hop, IntegrationEvent } from "@gonogo/core/integration/events";
import { integrationOf, testIn, testMessage, testSays } from "@gonogo/core/integration/schema";
import { ms } from "@gonogo/core/kit/duration";
import { plus } from "@gonogo/core/kit/instant";
import { messageOf } from "@gonogo/core/kit/text";
import type { Signal } from "@gonogo/core/signal/schema";
import { executeForDeployment } from "../execute-deployment.ts";
import type { Using } from "../runtime.ts";
import { noteSeen } from "./seen.ts";

/** So long a test is tried again while what it goes to says that it may be. */
const TRIED_FOR = ms(90_000);

type Asked = Extract<IntegrationEvent, { type: "IntegrationTestAsked" }>;

/**
 * Sends what a test is: a message to a channel, or the deployment's own alarm rung. What comes in by a webhook
 * was sent by the API, which knows what the system proves itself with. Throws when what it goes to is away.
 */
export async function carryOutTest(
  runtime: Using<"store" | "channel" | "testAlarm" | "shelves">,
  { test, integration }: Asked,
): Promise<void> {
  const routed = runtime.clock.now();
  const kind = integrationOf(integration);
  const known = (await runtime.store.deployment()).state.integrations.tests[integration];
  if (kind === undefined || known?.test !== test || known.status !== "waiting") return;
  if (kind.kind === "inbound" && kind.system !== "cloudwatch") return;
  const tell = (ok: boolean, hops: readonly Hop[], detail: string) =>
    recordTest(runtime, CLOCK, { test, ok, hops, detail: detail.slice(0, 300) });
  try {
    if (kind.kind === "archive") {
      const { ok, says } = await look(runtime, kind.place);
      await tell(
        ok,
        [
          { hop: "routed", at: routed },
          ...(ok ? [{ hop: "handled", at: runtime.clock.now() } as const] : []),
        ],
        says,
      );
      return ok ? await noteSeen(runtime, integration) : undefined;
    }
    if (kind.kind === "inbound") return await runtime.testAlarm.ring(testSays(test));
    const { via } = await runtime.channel.send({
      key: `${DEPLOYMENT}/${test}`,
      release: DEPLOYMENT,
      channel: kind.channel,
      audience: "test",
      text: testMessage(test),
    });
    const sent = runtime.clock.now();
    await tell(
      true,
      [
        { hop: "routed", at: routed },
        { hop: "sent", at: sent },
      ],
      via,
    );
    await noteSeen(runtime, integration);
  } catch (error) {
    const isPassing = error instanceof OutsideError && error.retryable;
    if (isPassing && routed < plus(known.askedAt, TRIED_FOR)) throw error;
    await tell(false, [{ hop: "routed", at: routed }], messageOf(error));
  }
}

/** Whether a copy could be put there, by what is set up for it. */
async function look(runtime: Using<"shelves">, place: ArchivePlace) {
  const shelf = runtime.shelves.on(place);
  if (shelf !== undefined) return await shelf.look();
  return { ok: false, says: `this deployment is not set up for ${place}; GONOGO_ARCHIVES takes it` };
}

/** A test alarm has come the whole way: that is written down, and no release hears of it. */
export async function hearTest(runtime: Using<"store">, signal: Signal): Promise<void> {
  const routed = runtime.clock.now();
  const test = testIn(signal);
  if (test === undefined) return;
  const { source, name } = signal;
  const hops: Hop[] = [
    { hop: "accepted", at: signal.at },
    { hop: "routed", at: routed },
    { hop: "handled", at: runtime.clock.now() },
  ];
  await recordTest(runtime, { kind: "alarm", source, name }, { test, ok: true, hops });
}

export async function recordTest(
  runtime: Using<"store">,
  actor: Actor,
  told: { test: string; ok: boolean; hops: readonly Hop[]; detail?: string },
): Promise<void> {
  const body = { type: "RecordIntegrationTest", ...told } as const;
  await executeForDeployment(runtime, { id: runtime.newId(), actor, body });
}
