import { createHmac } from "node:crypto";
import type { Instant } from "@gonogo/core/kit/instant";
import { describe, expect, it } from "vitest";
import { bytes, hasVectors, vector } from "../signal/vectors.testing.ts";
import { readSentry } from "./index.ts";

const secret = "a-client-secret";
const now = "2026-03-01T12:00:00.000Z" as Instant;
const sentAt = "2026-03-01T11:59:58.000Z";

function read(
  body: unknown,
  more: { signature?: string; resource?: string | null; secrets?: string[] } = {},
) {
  const raw = bytes(body);
  const headers = new Headers({
    "sentry-hook-timestamp": String(Date.parse(sentAt) / 1000),
    "sentry-hook-signature": more.signature ?? createHmac("sha256", secret).update(raw).digest("hex"),
  });
  if (more.resource !== null) headers.set("sentry-hook-resource", more.resource ?? "metric_alert");
  return readSentry(headers, raw, more.secrets ?? [secret], now);
}

function metricAlert(action: string, change: object = {}, labels: string[] = []) {
  return {
    action,
    data: {
      description_text: "92% sessions crash free rate in the last hour",
      metric_alert: {
        alert_rule: { name: "Crash-free sessions", triggers: labels.map((label) => ({ label })) },
        date_started: "2026-03-01T11:50:00.000000Z",
        date_closed: null,
        ...change,
      },
    },
  };
}

describe("a Sentry metric alert", () => {
  it.each([
    ["critical", "alarm", "2026-03-01T11:50:00.000Z"],
    ["warning", "unknown", "2026-03-01T11:50:00.000Z"],
    ["resolved", "ok", sentAt],
  ])("that is %s is %s since %s", (action, state, at) => {
    const says = "92% sessions crash free rate in the last hour";
    const signal = { source: "sentry", name: "Crash-free sessions", state, at, says };
    expect(read(metricAlert(action))).toMatchObject({ ok: true, signals: [signal] });
  });

  it("is resolved when it says so, where it says so", () => {
    const body = metricAlert("resolved", { date_closed: "2026-03-01T11:58:00Z" });
    expect(read(body)).toMatchObject({ signals: [{ state: "ok", at: "2026-03-01T11:58:00.000Z" }] });
  });

  it("of a rule with a warning is critical since it was sent: the incident began as a warning", () => {
    const body = metricAlert("critical", { date_started: "2026-02-01T00:00:00Z" }, ["critical", "warning"]);
    expect(read(body)).toMatchObject({ signals: [{ state: "alarm", at: sentAt }] });
  });

  it("told twice is the same signal", () => {
    expect(read(metricAlert("critical"))).toEqual(read(metricAlert("critical")));
  });
});

describe("when a Sentry metric alert was sent, which nobody has signed", () => {
  const sentWith = (seconds: string | undefined, body: unknown) => {
    const raw = bytes(body);
    const headers = new Headers({
      "sentry-hook-resource": "metric_alert",
      "sentry-hook-signature": createHmac("sha256", secret).update(raw).digest("hex"),
      ...(seconds === undefined ? {} : { "sentry-hook-timestamp": seconds }),
    });
    return readSentry(headers, raw, [secret], now);
  };
  const stamp = (text: string) => String(Date.parse(text) / 1000);

  it.each([
    ["in this minute", stamp("2026-03-01T12:00:30Z"), "2026-03-01T12:00:30.000Z"],
    ["in another year, to outlive whatever comes", stamp("2099-01-01T00:00:00Z"), now],
    ["long ago", stamp("2020-01-01T00:00:00Z"), now],
    ["at no time", "soon", now],
    ["without a header", undefined, now],
  ])("is believed within five minutes: %s", (_what, header, at) => {
    const answer = sentWith(header, metricAlert("resolved"));
    expect(answer).toMatchObject({ ok: true, signals: [{ at }], undated: true });
  });

  it.each<[string, object, boolean]>([
    ["critical", metricAlert("critical"), false],
    ["critical after a warning", metricAlert("critical", {}, ["critical", "warning"]), true],
    [
      "resolved, and closed at a time",
      metricAlert("resolved", { date_closed: "2026-03-01T11:58:00Z" }),
      false,
    ],
    ["resolved", metricAlert("resolved"), true],
    ["a warning", metricAlert("warning", {}, ["critical", "warning"]), false],
  ])("matters for one that is %s: %s", (_what, body, undated) => {
    const answer = sentWith(stamp(sentAt), body);
    expect(answer.ok && answer.undated === true).toBe(undated);
  });
});

describe("a Sentry issue alert", () => {
  it("is an alarm by its rule's name, and keeps the user's words out", () => {
    const event = { datetime: "2026-03-01T11:57:00.5Z", title: "Error: mail to ann@example.org failed" };
    const body = { action: "triggered", data: { triggered_rule: "New crash", event } };
    expect(read(body, { resource: "event_alert" })).toEqual({
      ok: true,
      signals: [{ source: "sentry", name: "New crash", state: "alarm", at: "2026-03-01T11:57:00.500Z" }],
    });
  });
});

describe("what is not a signal of Sentry", () => {
  const good = createHmac("sha256", secret)
    .update(JSON.stringify(metricAlert("critical")))
    .digest("hex");

  it.each([
    ["a signature of another body", { ...metricAlert("critical"), extra: 1 }, { signature: good }, 401],
    ["a wrong secret", metricAlert("critical"), { secrets: ["another"] }, 401],
    ["no secret at all", metricAlert("critical"), { secrets: [] }, 401],
    ["no signature", metricAlert("critical"), { signature: "" }, 401],
    ["an unknown resource", metricAlert("critical"), { resource: "comment" }, 400],
    ["no resource", metricAlert("critical"), { resource: null }, 400],
    ["an unknown action", metricAlert("exploded"), {}, 400],
    ["no JSON", "{ nope", {}, 400],
    ["a body of a megabyte", "x".repeat(1_000_000), {}, 413],
  ])("%s is refused", (_what, body, more, status) => {
    const answer = read(body, more);
    expect(answer).toMatchObject({ ok: false, status });
    expect(JSON.stringify(answer)).not.toContain(secret);
  });

  it("an installation's webhook holds none", () => {
    expect(read({ action: "created" }, { resource: "installation" })).toEqual({ ok: true, signals: [] });
  });
});

describe.skipIf(!hasVectors)("Sentry's own sample (shared/vectors, skipped without it)", () => {
  it("is read", () => {
    expect(read(vector("sentry-metric_alert-resolved.json"))).toMatchObject({
      ok: true,
      signals: [{ source: "sentry", name: "Too many errors", state: "ok", at: sentAt }],
    });
  });

  it("has a wording for every action, and none of them is parsed", () => {
    const facts = JSON.parse(vector("sentry-crash-free-facts.json"));
    for (const action of facts.webhook_action_enum) {
      for (const description_text of facts.description_text_examples) {
        const body = metricAlert(action);
        expect(read({ ...body, data: { ...body.data, description_text } })).toMatchObject({
          signals: [{ says: description_text }],
        });
      }
    }
  });
});
