import { describe, expect, it } from "vitest";
import { hasVectors, vector } from "../signal/vectors.testing.ts";
import { readAwsEvent } from "./index.ts";

const deployment = (state: string) => ({
  "detail-type": "CodeDeploy Deployment State-change Notification",
  time: "2026-03-01T12:00:00Z",
  detail: { application: "shop", deploymentGroup: "live", deploymentId: "d-1", state },
});
const health = (detail: object) => ({
  "detail-type": "AWS Health Event",
  time: "2026-03-01T12:20:00Z",
  detail: {
    eventTypeCode: "AWS_LAMBDA_OPERATIONAL_ISSUE",
    eventTypeCategory: "issue",
    startTime: "Sun, 01 Mar 2026 12:00:00 GMT",
    ...detail,
  },
});

describe("a deployment of CodeDeploy", () => {
  it.each([
    ["START", "unknown"],
    ["READY", "unknown"],
    ["SUCCESS", "ok"],
    ["FAILURE", "alarm"],
    ["STOP", "alarm"],
  ])("%s is %s", (state, expected) => {
    expect(readAwsEvent(deployment(state))).toEqual({
      ok: true,
      signals: [
        {
          source: "codedeploy",
          name: "shop/live",
          state: expected,
          at: "2026-03-01T12:00:00.000Z",
          says: `deployment d-1: ${state}`,
        },
      ],
    });
  });
});

describe("an event of AWS Health", () => {
  it("is an alarm while the issue is open, by the time at which it began", () => {
    expect(readAwsEvent(health({ statusCode: "open" }))).toEqual({
      ok: true,
      signals: [
        {
          source: "health",
          name: "AWS_LAMBDA_OPERATIONAL_ISSUE",
          state: "alarm",
          at: "2026-03-01T12:00:00.000Z",
        },
      ],
    });
  });

  it("is ok once it is closed, by the time at which it ended", () => {
    const closed = health({ statusCode: "closed", endTime: "Sun, 01 Mar 2026 13:30:00 GMT" });
    expect(readAwsEvent(closed)).toMatchObject({
      signals: [{ state: "ok", at: "2026-03-01T13:30:00.000Z" }],
    });
  });

  it.each(["scheduledChange", "accountNotification"])("of the category %s holds no signal", (category) => {
    expect(readAwsEvent(health({ eventTypeCategory: category }))).toEqual({ ok: true, signals: [] });
  });
});

describe("anything else", () => {
  it.each([
    [null, /the event/],
    [{}, /missing/],
    [{ "detail-type": "EC2 Spot Instance Interruption Warning" }, /EC2 Spot/],
    [deployment("EXPLODED"), /detail\.state/],
    [health({ startTime: "yesterday, I think" }), /detail\.startTime: is no time/],
  ])("%j is refused with its place", (wrong, message) => {
    expect(readAwsEvent(wrong)).toMatchObject({ ok: false, message: expect.stringMatching(message) });
  });
});

describe.skipIf(!hasVectors)("the user guide's event (shared/vectors, skipped without it)", () => {
  it("is a deployment that went well", () => {
    expect(readAwsEvent(JSON.parse(vector("eb-codedeploy-deployment-statechange.json")))).toMatchObject({
      signals: [{ source: "codedeploy", name: "myApplication/myDeploymentGroup", state: "ok" }],
    });
  });
});
