import {
  DeleteAlarmsCommand,
  DescribeAlarmsCommand,
  PutCompositeAlarmCommand,
  PutMetricAlarmCommand,
} from "@aws-sdk/client-cloudwatch";
import { beforeEach, describe, expect, it } from "vitest";
import type { StateValue } from "./alarm-model.ts";
import { alarmsIn, holds, parseCompositeRule } from "./composite-rule.ts";
import { errorsAlarm, type VirtualCloudWatch, virtualCloudWatch } from "./testing.ts";

let engine: VirtualCloudWatch;
beforeEach(async () => {
  engine = virtualCloudWatch();
  for (const AlarmName of ["a", "b"]) {
    await engine.client.send(new PutMetricAlarmCommand({ ...errorsAlarm, AlarmName }));
  }
});

const put = (AlarmName: string, AlarmRule: string) =>
  engine.client.send(new PutCompositeAlarmCommand({ AlarmName, AlarmRule }));

const set = (AlarmName: string, StateValue: StateValue) =>
  engine.kernel.call("cloudwatch", "SetAlarmState", { AlarmName, StateValue, StateReason: "test" });

async function describeComposite(name: string) {
  const output = await engine.client.send(
    new DescribeAlarmsCommand({ AlarmNames: [name], AlarmTypes: ["CompositeAlarm", "MetricAlarm"] }),
  );
  return output.CompositeAlarms?.[0];
}

describe("a composite alarm", () => {
  it("is decided when it is made, and whenever one below it changes", async () => {
    // After the minute's look, which takes back what was set by hand.
    await engine.clock.advance(2_000);
    await put("both", "ALARM(a) AND ALARM(b)");
    const arn = "arn:aws:cloudwatch:us-east-1:123456789012:alarm";
    expect(await describeComposite("both")).toMatchObject({
      AlarmRule: "ALARM(a) AND ALARM(b)",
      StateValue: "OK",
      StateReason: `${arn}:both was created and its alarm rule evaluates to OK`,
    });
    await set("a", "ALARM");
    expect((await describeComposite("both"))?.StateValue).toBe("OK");
    await engine.clock.advance(1_000);
    await set("b", "ALARM");
    const now = await describeComposite("both");
    expect(now).toMatchObject({
      StateValue: "ALARM",
      StateReason: `${arn}:b transitioned to ALARM at Monday 02 November, 2026 12:00:03 UTC`,
    });
    expect(JSON.parse(now?.StateReasonData ?? "")).toEqual({
      triggeringAlarms: [
        { arn: `${arn}:b`, state: { value: "ALARM", timestamp: "2026-11-02T12:00:03.000+0000" } },
      ],
    });
    expect(engine.changes().map(({ alarm, to }) => `${alarm} ${to}`)).toEqual([
      "both OK",
      "a ALARM",
      "b ALARM",
      "both ALARM",
    ]);
  });

  it("may stand on another", async () => {
    await put("inner", "ALARM(a)");
    await put("outer", "NOT OK(inner)");
    await set("a", "ALARM");
    expect((await describeComposite("outer"))?.StateValue).toBe("ALARM");
  });

  it("keeps the alarms below it from being deleted before it", async () => {
    await put("both", "ALARM(a) OR ALARM(b)");
    const remove = (AlarmNames: string[]) => engine.client.send(new DeleteAlarmsCommand({ AlarmNames }));
    await expect(remove(["a"])).rejects.toThrow("composite alarms depending on it: both");
    await remove(["a", "both"]);
    expect(await describeComposite("both")).toBeUndefined();
  });

  it.each([
    ["x", "ALARM(nobody)", "alarms that do not exist: nobody"],
    ["x", "ALARM(a", "expected ')'"],
    ["x", "RED(a)", "'RED' is not one of ALARM"],
    ["x", "AT_LEAST(1, ALARM, (a, b))", "'AT_LEAST' is not one of"],
    ["a", "ALARM(b)", "'a' is a metric alarm"],
  ])("%s: %s is refused", async (name, rule, why) => {
    await expect(put(name, rule)).rejects.toThrow(why);
  });

  it("that leads back to itself is refused", async () => {
    await put("inner", "ALARM(a)");
    await put("outer", "ALARM(inner)");
    await expect(put("inner", "ALARM(outer)")).rejects.toThrow("leads back to 'inner'");
  });

  it("has no suppressor here, and says so", async () => {
    const sent = engine.client.send(
      new PutCompositeAlarmCommand({ AlarmName: "x", AlarmRule: "ALARM(a)", ActionsSuppressor: "b" }),
    );
    await expect(sent).rejects.toThrow("ActionsSuppressor is not supported by the embedded engine");
  });
});

describe("an alarm rule", () => {
  const states: Record<string, StateValue> = { red: "ALARM", green: "OK", grey: "INSUFFICIENT_DATA" };
  it.each([
    ["ALARM(red)", true],
    ["ALARM(green)", false],
    ["INSUFFICIENT_DATA(grey) AND OK(green)", true],
    ["NOT ALARM(red) OR OK(green)", true],
    ["NOT (ALARM(red) OR OK(green))", false],
    ["ALARM(green) AND ALARM(red) OR ALARM(red)", true],
    ["ALARM(red) OR ALARM(red) AND ALARM(green)", true],
    ['ALARM("red")', true],
    ["ALARM(arn:aws:cloudwatch:us-east-1:123456789012:alarm:red)", true],
    ["TRUE AND NOT FALSE", true],
  ])("%s: %s", (rule, wanted) => {
    expect(holds(parseCompositeRule(rule), (name) => states[name])).toBe(wanted);
  });

  it("takes names with spaces and quotation marks", () => {
    expect(alarmsIn(parseCompositeRule('ALARM("5xx \\"live\\" (eu)") OR ALARM(p99 live)'))).toEqual([
      '5xx "live" (eu)',
      "p99 live",
    ]);
  });
});
