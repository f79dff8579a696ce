import type { Signal } from "@gonogo/core/signal/schema";
import { z } from "zod";
import { readValue, received, refused, type SignalAnswer, saying, time } from "../signal/answer.ts";

const STATES = { ALARM: "alarm", OK: "ok", INSUFFICIENT_DATA: "unknown" } as const;
const StateValue = z.enum(["ALARM", "OK", "INSUFFICIENT_DATA"]);

const State = z.looseObject({
  value: StateValue,
  reason: z.string().nullish(),
  timestamp: time,
  actionsSuppressedBy: z.string().nullish(),
});

const AlarmStateChange = z.looseObject({
  detail: z.looseObject({
    alarmName: z.string(),
    state: State,
    muteDetail: z.unknown().optional(),
  }),
});

/** What CloudWatch gives a Lambda function that is an alarm's action: the same under other names. */
const AlarmAction = z.looseObject({
  alarmData: z.looseObject({
    alarmName: z.string(),
    state: State,
    muteDetail: z.unknown().optional(),
  }),
});

/** What CloudWatch puts into the `Message` of an SNS notification. */
const AlarmMessage = z.looseObject({
  AlarmName: z.string(),
  NewStateValue: StateValue,
  NewStateReason: z.string().nullish(),
  StateChangeTime: time,
});

/**
 * Reads an alarm's change of state from EventBridge, or from CloudWatch calling the function itself. Whoever
 * can invoke the function has proven who they are to IAM. Changes of an alarm's definition, and of single
 * contributors of a Metrics Insights alarm, hold no signal: the alarm itself has not changed its state.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/cloudwatch-and-eventbridge.html
 */
export function readCloudWatchEvent(event: unknown): SignalAnswer {
  const shape = z.looseObject({ "detail-type": z.string().optional(), alarmData: z.unknown().optional() });
  const outer = readValue(shape, event, "the event");
  if (!outer.ok) return outer;
  const type = outer.value["detail-type"];
  if (type === undefined && outer.value.alarmData !== undefined) {
    const read = readValue(AlarmAction, event, "the alarm action");
    return read.ok ? fromState(read.value.alarmData) : read;
  }
  switch (type) {
    case "CloudWatch Alarm State Change": {
      const read = readValue(AlarmStateChange, event, "the alarm event");
      return read.ok ? fromState(read.value.detail) : read;
    }
    case "CloudWatch Alarm Configuration Change":
    case "CloudWatch Alarm Contributor State Change":
      return { ok: true, signals: [] };
    default:
      return refused(400, `the event is no alarm's: its detail-type is ${type ?? "missing"}`);
  }
}

/**
 * Reads the same change of state out of an SNS message that has been verified. Its time is that of the
 * event, to the millisecond, so that a change told by both ways is known for one.
 */
export function readAlarmMessage(message: unknown): SignalAnswer {
  const read = readValue(AlarmMessage, message, "the Message");
  if (!read.ok) return read;
  const { AlarmName: name, NewStateValue, NewStateReason, StateChangeTime: at } = read.value;
  const signal: Signal = { source: "cloudwatch", name, state: STATES[NewStateValue], at };
  return received([{ ...signal, ...saying(NewStateReason) }], "the Message");
}

/** A muted alarm, or a composite one whose actions another suppresses, is no less an alarm. */
function fromState(alarm: z.infer<typeof AlarmAction>["alarmData"]): SignalAnswer {
  const { alarmName: name, state, muteDetail } = alarm;
  const muted = muteDetail !== undefined || (state.actionsSuppressedBy ?? "") !== "";
  const signal: Signal = { source: "cloudwatch", name, state: STATES[state.value], at: state.timestamp };
  return received([{ ...signal, ...saying(state.reason), ...(muted ? { muted } : {}) }], "the alarm event");
}
