import type { IntegrationsPage, IntegrationTestBegun } from "@gonogo/client/contract";
import { CLOCK } from "@gonogo/core/actor/schema";
import { channelIntegration, type Inbound, integrationOf, testSays } from "@gonogo/core/integration/schema";
import { integrationsView, whyNot } from "@gonogo/core/integration/view";
import { DEFAULT_CHANNEL } from "@gonogo/core/message/auto";
import { createRoute, type OpenAPIHono, z } from "@hono/zod-openapi";
import { recordTest } from "../events/integrations.ts";
import { noteSeen } from "../events/seen.ts";
import { executeForDeployment } from "../execute-deployment.ts";
import type { Api, Serving } from "./context.ts";
import { type ApiOptions, HOOKS, type HookName } from "./options.ts";
import { answers } from "./plans.ts";
import { REFUSALS, Refusal, refusalOf } from "./problem.ts";
import { Key, nameKeeper } from "./releases.ts";

const tags = ["Integrations"];
/** Active releases whose plans are asked for the channels that they name. */
const MOST_PLANS = 20;

const routes = {
  list: createRoute({
    method: "get",
    path: "/v1/integrations",
    tags,
    summary: "Alarm systems and channels: when each was seen last, and what came of its last test",
    responses: { 200: answers<IntegrationsPage>("All of them."), ...REFUSALS },
  }),
  test: createRoute({
    method: "post",
    path: "/v1/integrations/{name}/test",
    tags,
    summary: "Send a test by the real way, and write down every station of it",
    description:
      "A test alarm comes in as a real one does, and reaches no release; a test message goes out marked as one. What comes of it is in the list, within seconds.",
    request: {
      params: z.object({ name: z.string().min(1).max(200).describe("As the list names it.") }),
      headers: Key,
    },
    responses: { 202: answers<IntegrationTestBegun>("It is on its way."), ...REFUSALS },
  }),
};

export function addIntegrations(app: OpenAPIHono<Api>, runtime: Serving, options: ApiOptions): void {
  const rememberName = nameKeeper(runtime);
  const open: Inbound[] = ["cloudwatch", ...HOOKS.filter((name) => options.hooks[name] !== undefined)];
  app.openapi(routes.list, async (c) => {
    const [{ state }, seen, channels] = await Promise.all([
      runtime.store.deployment(),
      runtime.store.seen(),
      channelsOf(runtime),
    ]);
    const now = runtime.clock.now();
    const items = integrationsView(state.integrations, { open, channels, seen }, now);
    return c.json({ at: now, items }, 200);
  });
  app.openapi(routes.test, async (c) => {
    const { name } = c.req.valid("param");
    const integration = integrationOf(name);
    const refused = integration?.kind === "inbound" ? whyNot(integration.system, open) : undefined;
    if (refused !== undefined) throw new Refusal(422, "integration.not-testable", `${name} is ${refused}`);
    const outcome = await executeForDeployment(runtime, {
      id: c.req.valid("header")["idempotency-key"],
      actor: c.get("actor"),
      body: { type: "TestIntegration", integration: name },
    });
    await rememberName(c, outcome);
    if (!outcome.ok) throw refusalOf(outcome.rejection);
    const test = await testIn(runtime, outcome.seq);
    const hook = HOOKS.find((one) => one === name);
    if (outcome.events.length > 0 && hook !== undefined) await comeIn(runtime, options, hook, test);
    return c.json({ integration: name, test, seq: outcome.seq }, 202);
  });
}

/** The test that a record began: asked again with the same key it is the same. */
async function testIn(runtime: Serving, seq: number): Promise<string> {
  const [record] = await runtime.store.deploymentRecords(seq, 1);
  return record?.event.type === "IntegrationTestAsked" ? record.event.test : "";
}

/** Knocks at the hook as its system does: what it makes of that goes on by the bus. */
async function comeIn(runtime: Serving, options: ApiOptions, name: HookName, test: string): Promise<void> {
  const now = runtime.clock.now();
  const request = options.testRequests?.[name]?.(now, testSays(test));
  const answer =
    request === undefined
      ? undefined
      : await options.hooks[name]?.(request.headers, new TextEncoder().encode(request.body), now);
  if (answer?.ok === true && "signals" in answer && answer.signals.length > 0) {
    await runtime.bus.publish(answer.signals.map((detail) => ({ type: "SignalArrived", detail })));
    return await noteSeen(runtime, name);
  }
  const detail = answer?.ok === false ? answer.message : `${name} cannot be tested here`;
  await recordTest(runtime, CLOCK, { test, ok: false, hops: [], detail });
}

/** The channels that active releases and the calendar speak to. */
async function channelsOf(runtime: Serving): Promise<string[]> {
  const [{ items }, { state }] = await Promise.all([
    runtime.store.list("active", { limit: MOST_PLANS }),
    runtime.store.deployment(),
  ]);
  const loaded = await Promise.all(items.map(({ id }) => runtime.store.load(id)));
  const named = loaded.flatMap((one) => one?.plan.channels.map(({ name }) => name) ?? []);
  return [...new Set([DEFAULT_CHANNEL, state.calendar.rules.notice.channel, ...named])].map(
    channelIntegration,
  );
}
