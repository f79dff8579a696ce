import { describe, expect, it } from "vitest";
import { Components, familyOf, familyOfMetric } from "./components.ts";
import { likeness, mostLike } from "./match.ts";
import { undoes } from "./pairs.ts";
import { readResponse } from "./response.ts";
import { alarmNamed, readSource, tagsNamed } from "./source.ts";

describe("what a trigger's row wants done", () => {
  const cases: [string, string, ReturnType<typeof readResponse>["respond"]][] = [
    ["Pause rollout", "Revert the alias", "rollback"],
    ["Stop", "Redeploy the previous version", "rollback"],
    ["Pause", "Roll back if it does not recover", "evaluate"],
    ["Look into it", "", "evaluate"],
    ["Halt the rollout", "Page the owner", "pause"],
    ["Reduce traffic to 5 %", "Roll back", "reduce"],
    ["Notify the data team", "Retrain, or roll back the model", "notify"],
    ["", "", "evaluate"],
  ];
  it.each(cases)("%s; %s", (action, process, respond) => {
    const read = readResponse(action, process);
    expect(read.respond).toBe(respond);
    expect(read.reduceTo).toBe(respond === "reduce" ? 5 : undefined);
  });
});

describe("which of two rows takes the other back", () => {
  const cases: [string, string, boolean][] = [
    ["Freeze CI to `main`", "Unfreeze `main`", true],
    ["Disable cron jobs", "Re-enable cron jobs", true],
    ["Pause the queue", "Resume the queue", true],
    ["Freeze `main`", "Unfreeze the website", false],
    ["Unfreeze `main`", "Freeze `main`", false],
    ["Apply Terraform", "Check Terraform", false],
  ];
  it.each(cases)("%s / %s", (earlier, later, expected) => expect(undoes(later, earlier)).toBe(expected));
});

describe("names that mean the same", () => {
  const metrics = ["API 5xx rate", "API p95 latency", "Crash-free sessions of the app"];
  const cases: [string, string | undefined][] = [
    ["API 5xx", "API 5xx rate"],
    ["Check CloudWatch 5xx", "API 5xx rate"],
    ["Latency p95", "API p95 latency"],
    ["Mobile crash free", "Crash-free sessions of the app"],
    ["Disk usage", undefined],
  ];
  it.each(cases)("%s is %s", (text, name) => expect(mostLike(text, metrics, (one) => one)).toBe(name));

  it("are nothing alike where they share only idle words", () => {
    expect(likeness("the rate of errors", "the rate of sales")).toBe(0);
  });
});

describe("what a sentence is about", () => {
  const place = { file: "x.md", line: 1, column: 1 };
  const components = new Components();
  const api = components.add("Orders API", place, "lambda");
  const app = components.add("Shop app", place);
  const cases: [string, string | undefined][] = [
    ["Shift alias `live` to 10 %", api.id],
    ["Orders API to 100 %", api.id],
    ["Promote the mobile build", app.id],
    ["API Gateway stage", undefined],
    ["Warm the cache", undefined],
  ];
  it.each(cases)("%s", (text, id) => expect(components.about(text)?.id).toBe(id));

  it("is of a family by its words", () => {
    expect(["Android app", "iOS app", "API gateway", "Lambda", "Worker"].map(familyOf)).toEqual([
      "google-play",
      "app-store",
      "gateway",
      "lambda",
      "other",
    ]);
    expect(["API 5xx", "p99 latency", "Ratings", "Bias"].map(familyOfMetric)).toEqual([
      "lambda",
      "lambda",
      "app-store",
      "other",
    ]);
  });
});

describe("where a metric is read", () => {
  const target = { kind: "lambda-alias", function: "api", alias: "live" } as const;
  it("is its alarm, Lambda's own metric, Sentry, or a person", () => {
    expect(readSource("API 5xx", "CloudWatch Alarm `API5xx`", target)).toEqual({
      kind: "cloudwatch-alarm",
      alarm: "API5xx",
    });
    expect(readSource("p99 latency", "CloudWatch", target)).toMatchObject({
      metric: "Duration",
      statistic: "p99",
      dimensions: { FunctionName: "api", Resource: "api:live" },
    });
    expect(readSource("p99 latency", "CloudWatch", undefined)).toBeUndefined();
    expect(readSource("Crash-free users", "Sentry", undefined)).toEqual({
      kind: "sentry",
      field: "crash_free_rate(user)",
    });
    expect(readSource("Ratings", "App Store Connect", undefined)).toBeUndefined();
  });

  it("finds an alarm's name in code marks or by its word", () => {
    expect(alarmNamed("CloudWatch Alarm `a-b`")).toBe("a-b");
    expect(alarmNamed("CloudWatch Alarm API5xxAlarm")).toBe("API5xxAlarm");
    expect(alarmNamed("CloudWatch Alarm")).toBeUndefined();
    const tags = { service: "checkout", stage: "production" };
    expect(tagsNamed("CloudWatch alarms tagged service=checkout, stage=production")).toEqual(tags);
    expect(tagsNamed("CloudWatch alarms tagged `service=checkout` and `stage = production`")).toEqual(tags);
    expect(tagsNamed("CloudWatch Alarm `a=b`")).toBeUndefined();
  });
});
