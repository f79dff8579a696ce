import { describe, expect, it } from "vitest";
import { hasVectors, vector } from "../signal/vectors.testing.ts";
import { readCloudWatchEvent } from "./index.ts";

const state = { value: "ALARM", reason: "Threshold Crossed", timestamp: "2026-03-01T11:59:30.123+0000" };
const event = (detail: object) => ({ "detail-type": "CloudWatch Alarm State Change", detail });

describe("an alarm's event", () => {
  it.each([
    ["ALARM", "alarm"],
    ["OK", "ok"],
    ["INSUFFICIENT_DATA", "unknown"],
  ])("%s is %s, by the state's own time", (value, expected) => {
    expect(readCloudWatchEvent(event({ alarmName: "A", state: { ...state, value } }))).toMatchObject({
      signals: [{ source: "cloudwatch", name: "A", state: expected, at: "2026-03-01T11:59:30.123Z" }],
    });
  });

  it("of a composite alarm whose actions are suppressed says so", () => {
    const suppressed = { ...state, actionsSuppressedBy: "Alarm" };
    expect(readCloudWatchEvent(event({ alarmName: "A", state: suppressed }))).toMatchObject({
      signals: [{ state: "alarm", muted: true }],
    });
  });

  it("is the same through the alarm's own Lambda action", () => {
    const action = { source: "aws.cloudwatch", alarmArn: "arn:…", alarmData: { alarmName: "A", state } };
    expect(readCloudWatchEvent(action)).toEqual(readCloudWatchEvent(event({ alarmName: "A", state })));
  });

  it.each([
    [null, /the event/],
    [{}, /detail-type is missing/],
    [{ "detail-type": "EC2 Instance State-change Notification" }, /EC2 Instance/],
    [event({ alarmName: "A", state: { ...state, value: "RED" } }), /detail\.state\.value/],
    [
      event({ alarmName: "A", state: { ...state, timestamp: "now" } }),
      /detail\.state\.timestamp: is no time/,
    ],
    [event({ alarmName: "", state }), /name/],
  ])("%j is refused with its place", (wrong, message) => {
    expect(readCloudWatchEvent(wrong)).toMatchObject({
      ok: false,
      status: 400,
      message: expect.stringMatching(message),
    });
  });
});

describe.skipIf(!hasVectors)("the user guide's events (shared/vectors, skipped without it)", () => {
  it.each([
    ["eb-cw-alarm-statechange-metric.json", "ServerCpuTooHigh", "2019-10-02T17:04:40.989Z", undefined],
    ["eb-cw-alarm-statechange-metric-muted.json", "ServerCpuTooHigh", "2019-10-02T17:04:40.989Z", true],
    [
      "eb-cw-alarm-statechange-metricmath-muted.json",
      "TotalNetworkTrafficTooHigh",
      "2019-10-02T17:20:48.554Z",
      true,
    ],
    [
      "eb-cw-alarm-statechange-metricmath-from-insufficient.json",
      "TotalNetworkTrafficTooHigh",
      "2019-10-02T17:20:48.554Z",
      undefined,
    ],
  ])("%s is an alarm", (file, name, at, muted) => {
    const answer = readCloudWatchEvent(JSON.parse(vector(file)));
    if (!answer.ok) throw new Error(answer.message);
    expect(answer.signals).toHaveLength(1);
    expect(answer.signals[0]).toMatchObject({ source: "cloudwatch", name, state: "alarm", at });
    expect(answer.signals[0]?.muted).toBe(muted);
  });

  it.each(["eb-cw-alarm-contributor-statechange.json", "eb-cw-alarm-config-update-metric.json"])(
    "%s holds no signal",
    (file) => {
      expect(readCloudWatchEvent(JSON.parse(vector(file)))).toEqual({ ok: true, signals: [] });
    },
  );
});
