import { fromMillis, type Instant } from "@gonogo/core/kit/instant";
import type { Signal } from "@gonogo/core/signal/schema";
import { z } from "zod";
import { readValue, received, refused, type SignalAnswer, saying, time } from "../signal/answer.ts";

const Deployment = z.looseObject({
  time,
  detail: z.looseObject({
    application: z.string(),
    deploymentGroup: z.string(),
    deploymentId: z.string(),
    state: z.enum(["START", "READY", "SUCCESS", "FAILURE", "STOP"]),
  }),
});

/** A deployment that another tool begins is no alarm yet; one that fails or is stopped is. */
const DEPLOYED = {
  START: "unknown",
  READY: "unknown",
  SUCCESS: "ok",
  FAILURE: "alarm",
  STOP: "alarm",
} as const satisfies Record<string, Signal["state"]>;

/** Health writes its times as HTTP does: `Sat, 04 Jun 2016 05:01:10 GMT`. */
const httpDate = z.string().transform((text, context): Instant => {
  const ms = Date.parse(text);
  if (Number.isFinite(ms)) return fromMillis(ms);
  context.addIssue({ code: "custom", message: "is no time" });
  return z.NEVER;
});

const Health = z.looseObject({
  detail: z.looseObject({
    eventTypeCode: z.string(),
    eventTypeCategory: z.string(),
    statusCode: z.string().nullish(),
    startTime: httpDate,
    endTime: httpDate.nullish(),
    eventDescription: z.array(z.looseObject({ latestDescription: z.string().nullish() })).nullish(),
  }),
});

/**
 * Reads what other services of AWS tell on the default bus: a CodeDeploy deployment by
 * `application/deployment group`, and an issue of AWS Health by its event type. What is planned or merely told
 * (scheduled changes, notifications) holds no signal.
 * https://docs.aws.amazon.com/codedeploy/latest/userguide/monitoring-cloudwatch-events.html,
 * https://docs.aws.amazon.com/health/latest/ug/aws-health-events-eventbridge-schema.html
 */
export function readAwsEvent(event: unknown): SignalAnswer {
  const outer = readValue(z.looseObject({ "detail-type": z.string().optional() }), event, "the event");
  if (!outer.ok) return outer;
  switch (outer.value["detail-type"]) {
    case "CodeDeploy Deployment State-change Notification": {
      const read = readValue(Deployment, event, "the deployment's event");
      return read.ok ? fromDeployment(read.value) : read;
    }
    case "AWS Health Event": {
      const read = readValue(Health, event, "the health event");
      return read.ok ? fromHealth(read.value.detail) : read;
    }
    default:
      return refused(
        400,
        `nothing is known of events of the type ${outer.value["detail-type"] ?? "missing"}`,
      );
  }
}

function fromDeployment({ time: at, detail }: z.infer<typeof Deployment>): SignalAnswer {
  const { application, deploymentGroup, deploymentId, state } = detail;
  const signal: Signal = {
    source: "codedeploy",
    name: `${application}/${deploymentGroup}`,
    state: DEPLOYED[state],
    at,
  };
  return received(
    [{ ...signal, ...saying(`deployment ${deploymentId}: ${state}`) }],
    "the deployment's event",
  );
}

function fromHealth(detail: z.infer<typeof Health>["detail"]): SignalAnswer {
  if (detail.eventTypeCategory !== "issue") return { ok: true, signals: [] };
  const { eventTypeCode: name, statusCode, startTime, endTime, eventDescription } = detail;
  const isOver = statusCode === "closed";
  const signal: Signal = {
    source: "health",
    name,
    state: isOver ? "ok" : "alarm",
    at: isOver ? (endTime ?? startTime) : startTime,
  };
  return received(
    [{ ...signal, ...saying(eventDescription?.[0]?.latestDescription?.slice(0, 500)) }],
    "the health event",
  );
}
