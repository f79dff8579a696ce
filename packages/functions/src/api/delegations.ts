import type { DelegationList, DelegationResult } from "@gonogo/client/contract";
import type { DelegationCommand } from "@gonogo/core/delegation/commands";
import { instant, line } from "@gonogo/core/kit/schema";
import { createRoute, type OpenAPIHono, z } from "@hono/zod-openapi";
import type { Context } from "hono";
import { applyCalendar } from "../events/calendar.ts";
import { executeForDeployment } from "../execute-deployment.ts";
import { attempt } from "../follow-up.ts";
import type { Api, Serving } from "./context.ts";
import { answers } from "./plans.ts";
import { REFUSALS, refusalOf } from "./problem.ts";
import { json, Key, nameKeeper } from "./releases.ts";

const tags = ["Delegations"];
const reason = z.string().trim().min(1).max(2_000).optional().describe("Why; kept in the deployment's log.");
const moment = (description: string) =>
  instant.describe(description).openapi({ type: "string", description });
const Lent = z
  .strictObject({
    role: line.describe("A role that you hold."),
    to: line.describe("The id of the person who speaks in your place."),
    from: moment("Unset: at once.").optional(),
    until: moment("When it ends, at most 90 days from now."),
    reason,
  })
  .openapi("DelegationRequest");

const routes = {
  list: createRoute({
    method: "get",
    path: "/v1/delegations",
    tags,
    summary: "Roles that are lent for every release",
    responses: { 200: answers<DelegationList>("Those that are not over."), ...REFUSALS },
  }),
  add: createRoute({
    method: "post",
    path: "/v1/delegations",
    tags,
    summary: "Lend a role that you hold, for every release and for a time",
    description:
      "Who has it signs and votes in your place, the two of you count once, and it is not passed on.",
    request: { headers: Key, body: json(Lent) },
    responses: {
      201: answers<DelegationResult>("It is on record, and active releases were told."),
      ...REFUSALS,
    },
  }),
  withdraw: createRoute({
    method: "delete",
    path: "/v1/delegations/{id}",
    tags,
    summary: "End a delegation before its time; what was signed until then stands",
    request: {
      params: z.object({ id: z.string().min(1).max(100) }),
      headers: Key,
      body: json(z.strictObject({ reason }).openapi("DelegationWithdrawal")),
    },
    responses: {
      200: answers<DelegationResult>("It is on record, and active releases were told."),
      ...REFUSALS,
    },
  }),
};

/** Roles that are lent for every release: who speaks in whose place, and until when. */
export function addDelegations(app: OpenAPIHono<Api>, runtime: Serving): void {
  const rememberName = nameKeeper(runtime);
  const change = async (c: Context<Api>, body: DelegationCommand, why: string | undefined) => {
    const id = c.req.header("idempotency-key") ?? runtime.newId();
    const outcome = await executeForDeployment(runtime, { id, actor: c.get("actor"), reason: why, body });
    await rememberName(c, outcome);
    if (!outcome.ok) throw refusalOf(outcome.rejection);
    // The effects tell them again, and whoever speaks by it is looked up at that moment.
    await attempt(runtime, "tell releases of a delegation", async () => {
      await applyCalendar(runtime);
    });
    const lent = outcome.events.find(({ type }) => type === "RoleLent" || type === "RoleLendingWithdrawn");
    return {
      seq: outcome.seq,
      ...(lent !== undefined && "delegation" in lent ? { id: lent.delegation } : {}),
    };
  };
  app.openapi(routes.list, async (c) => {
    const { state } = await runtime.store.deployment();
    const now = runtime.clock.now();
    const items = state.delegations.open.filter(({ until }) => until > now);
    const names = await runtime.store.names(items.flatMap(({ from, to }) => [from, to]));
    return c.json({ items: [...items], names: { ...names } }, 200);
  });
  app.openapi(routes.add, async (c) => {
    const { reason: why, ...wish } = c.req.valid("json");
    return c.json(await change(c, { type: "LendRole", ...wish }, why), 201);
  });
  app.openapi(routes.withdraw, async (c) => {
    const delegation = c.req.valid("param").id;
    return c.json(await change(c, { type: "WithdrawRole", delegation }, c.req.valid("json").reason), 200);
  });
}
