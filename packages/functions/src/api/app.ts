import { OutsideError } from "@gonogo/adapters/http/call";
import { withKeys } from "@gonogo/adapters/identity/key";
import { ObjectStoreUnavailable } from "@gonogo/core/evidence/port";
import { StoreUnavailable } from "@gonogo/core/release/ports";
import { OpenAPIHono } from "@hono/zod-openapi";
import { bodyLimit } from "hono/body-limit";
import { METHOD_NAME_ALL } from "hono/router";
import { secureHeaders } from "hono/secure-headers";
import { addAudit } from "./audit.ts";
import { addBoard } from "./board.ts";
import { addCalendar } from "./calendar.ts";
import type { Api, Serving } from "./context.ts";
import { addDelegations } from "./delegations.ts";
import { addDeployments } from "./deployments.ts";
import { addDoctor } from "./doctor.ts";
import { addErasures } from "./erasures.ts";
import { addEvidence } from "./evidence.ts";
import { addForesight } from "./foresee.ts";
import { Guarding, noteRefusal } from "./guarding.ts";
import { addHooks } from "./hooks.ts";
import { identified } from "./identified.ts";
import { addIncidents } from "./incidents.ts";
import { addIntegrations } from "./integrations.ts";
import { jsonOnly } from "./json-only.ts";
import { addKeys } from "./keys.ts";
import { addMeasures } from "./measures.ts";
import { addObligations } from "./obligations.ts";
import type { ApiOptions } from "./options.ts";
import { addPlans } from "./plans.ts";
import { addPolicy } from "./policy.ts";
import { answerRefusal, Refusal } from "./problem.ts";
import { addReference } from "./reference.ts";
import { addRefusals } from "./refusals.ts";
import { addRehearsals } from "./rehearsals.ts";
import { addReleases } from "./releases.ts";
import { addRevisions } from "./revisions.ts";
import { scoped } from "./scopes.ts";
import { addSignIn } from "./sign-in.ts";

const METHODS = ["GET", "POST", "PUT", "DELETE"];

/** Larger requests are refused before they are read. */
const LARGEST_BODY = 2_000_000;

/** Headers of every answer, the page's as well: it needs nothing from elsewhere, and nobody may frame it. */
export const secured = secureHeaders({
  contentSecurityPolicy: {
    defaultSrc: ["'self'"],
    styleSrc: ["'self'"],
    imgSrc: ["'self'", "data:"],
    objectSrc: ["'none'"],
    baseUri: ["'none'"],
    frameAncestors: ["'none'"],
    formAction: ["'self'"],
  },
});

/** The HTTP API. The same application answers on Lambda and in the embedded engine. */
export function createApi(runtime: Serving, given: ApiOptions): OpenAPIHono<Api> {
  const options = { ...given, identify: withKeys(given.identify, runtime.store) };
  const app = new OpenAPIHono<Api>({
    defaultHook: (result) => {
      if (result.success) return;
      const detail = result.error.issues
        .map(({ path, message }) => `${path.map(String).join("/") || "the body"}: ${message}`)
        .join("; ");
      throw new Refusal(422, "request.invalid", detail);
    },
  });
  app.use(secured);
  app.use(
    bodyLimit({
      maxSize: LARGEST_BODY,
      onError: () => {
        throw new Refusal(413, "request.too-large", `at most ${LARGEST_BODY} bytes are read`);
      },
    }),
  );
  app.onError(async (error, c) => {
    if (error instanceof Refusal) {
      await noteRefusal(runtime, c, error);
      return answerRefusal(c, error);
    }
    if (error instanceof StoreUnavailable) {
      const detail =
        "the release store cannot be reached; the same request, asked again with its key, is safe";
      return answerRefusal(c, new Refusal(503, "store.unavailable", detail));
    }
    if (error instanceof ObjectStoreUnavailable) {
      const detail = "the files cannot be reached just now; ask again, or answer with words or a link";
      return answerRefusal(c, new Refusal(503, "evidence.unavailable", detail));
    }
    if (error instanceof OutsideError && error.retryable) {
      return answerRefusal(c, new Refusal(503, "outside.unavailable", `${error.message}; ask again`));
    }
    if ("getResponse" in error && typeof error.getResponse === "function") {
      const status = "status" in error ? Number(error.status) : 400;
      return answerRefusal(c, new Refusal(status as 400, "request.invalid", error.message));
    }
    runtime.log.error("a request failed", { path: c.req.path, error: error.message });
    return answerRefusal(
      c,
      new Refusal(500, "internal", "the request failed, and the fault is ours; try again"),
    );
  });
  const guarding = new Guarding(runtime);
  app.get("/healthz", (c) => c.json({ ok: true }));
  addHooks(app, runtime, options, guarding);
  addReference(app);
  addSignIn(app, runtime, options, guarding);
  app.use(
    "/v1/*",
    identified(options.identify, () => runtime.clock.now(), guarding),
  );
  // Who scrapes the measures says who it is, too: they name components, environments and roles.
  app.use(
    "/metrics",
    identified(options.identify, () => runtime.clock.now(), guarding),
  );
  app.use("/v1/*", scoped);
  app.use("/metrics", scoped);
  app.use("/v1/*", jsonOnly);
  addDoctor(app, runtime);
  addPlans(app, runtime, options);
  addReleases(app, runtime, options);
  addRevisions(app, runtime, options);
  addRehearsals(app, runtime);
  addAudit(app, runtime, options);
  addErasures(app, runtime);
  addPolicy(app, runtime);
  addDelegations(app, runtime);
  addObligations(app, runtime);
  addEvidence(app, runtime);
  addCalendar(app, runtime);
  addDeployments(app, runtime);
  addMeasures(app, runtime);
  addBoard(app, runtime);
  addForesight(app, runtime);
  addIncidents(app, runtime);
  addIntegrations(app, runtime, options);
  addKeys(app, runtime);
  addRefusals(app, runtime);
  return app;
}

/** What answers where nothing else does. Added last, after whatever else is served beside the API. */
export function addNotFound(app: OpenAPIHono<Api>): void {
  app.notFound((c) => {
    const { method, path } = c.req;
    const allowed = METHODS.filter((one) => answersTo(app, one, path));
    if (allowed.length === 0) {
      return answerRefusal(c, new Refusal(404, "route.unknown", `there is no ${method} ${path}; see /docs`));
    }
    c.header("allow", allowed.join(", "));
    return answerRefusal(
      c,
      new Refusal(
        405,
        "route.method",
        `${path} answers to ${allowed.join(", ")}, not to ${method}; see /docs`,
      ),
    );
  });
}

/** Whether a route, and not only what stands before every route, answers to a method at a path. */
function answersTo(app: OpenAPIHono<Api>, method: string, path: string): boolean {
  return app.router.match(method, path)[0].some(([[, route]]) => route.method !== METHOD_NAME_ALL);
}
