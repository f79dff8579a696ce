import { createHmac } from "node:crypto";
import type { Instant } from "@gonogo/core/kit/instant";
import { describe, expect, it } from "vitest";
import { readAlertmanager } from "../alertmanager/index.ts";
import { type GrafanaSecrets, readGrafana } from "../grafana/index.ts";
import { bytes, hasVectors, vector } from "./vectors.testing.ts";

const now = "2026-03-01T12:00:00.000Z" as Instant;
const never = "0001-01-01T00:00:00Z";

const alert = (name: string, status: string, startsAt: string, endsAt = never, labels = {}) => ({
  status,
  labels: { alertname: name, ...labels },
  annotations: { summary: `${name} is ${status}` },
  startsAt,
  endsAt,
});

function alertmanager(alerts: object[], authorization = "Bearer t0ken") {
  return readAlertmanager(
    new Headers({ authorization }),
    bytes({ version: "4", alerts }),
    { tokens: ["t0ken"], passwords: ["prom:pass"] },
    now,
  );
}

describe("an Alertmanager group", () => {
  it("is a signal for each alert, since its own start", () => {
    const one = alert("HighErrors", "firing", "2018-08-03T09:52:26.739266876+02:00");
    expect(
      alertmanager([one, alert("Slow", "resolved", "2026-03-01T11:00:00Z", "2026-03-01T11:30:00Z")]),
    ).toEqual({
      ok: true,
      signals: [
        {
          source: "alertmanager",
          name: "HighErrors",
          state: "alarm",
          at: "2018-08-03T07:52:26.739Z",
          says: "HighErrors is firing",
        },
        {
          source: "alertmanager",
          name: "Slow",
          state: "ok",
          at: "2026-03-01T11:30:00.000Z",
          says: "Slow is resolved",
        },
      ],
    });
  });

  it("that is repeated is the same signals", () => {
    const alerts = [alert("HighErrors", "firing", "2026-03-01T11:00:00Z")];
    expect(alertmanager(alerts)).toEqual(alertmanager(alerts));
  });

  it("is not well while one of several alerts still fires", () => {
    const alerts = [
      alert("Slow", "resolved", "2026-03-01T11:00:00Z", "2026-03-01T11:30:00Z", { pod: "a" }),
      alert("Slow", "firing", "2026-03-01T11:10:00Z", never, { pod: "b" }),
    ];
    expect(alertmanager(alerts)).toMatchObject({
      signals: [{ state: "alarm", at: "2026-03-01T11:10:00.000Z" }],
    });
  });

  it("counts two alerts of one moment once", () => {
    const twice = ["a", "b"].map((pod) => alert("Slow", "firing", "2026-03-01T11:10:00Z", never, { pod }));
    const answer = alertmanager(twice);
    expect(answer.ok ? answer.signals.map(({ name }) => name) : answer).toEqual(["Slow"]);
  });

  it.each([
    ["Bearer t0ken", true],
    [`Basic ${btoa("prom:pass")}`, true],
    ["Bearer t0ke", false],
    [`Basic ${btoa("prom:wrong")}`, false],
    ["", false],
  ])("with Authorization %j is taken in: %s", (authorization, ok) => {
    expect(alertmanager([], authorization)).toMatchObject(ok ? { ok: true } : { ok: false, status: 401 });
  });

  it.each([
    ["a time that is none", [{ ...alert("Slow", "firing", "yesterday") }], /alerts\.0\.startsAt: is no time/],
    ["no name", [alert("", "firing", now)], /alerts\.0\.labels: no alertname/],
    ["an unknown status", [alert("Slow", "perhaps", now)], /alerts\.0\.status/],
  ])("with %s is refused with its place", (_what, alerts, message) => {
    expect(alertmanager(alerts)).toMatchObject({ status: 400, message: expect.stringMatching(message) });
  });
});

const secret = "grafana-secret";
const hex = (text: string) => createHmac("sha256", secret).update(text).digest("hex");

function grafana(
  body: unknown,
  headers: Record<string, string>,
  secrets: GrafanaSecrets = { hmac: [secret] },
) {
  return readGrafana(new Headers(headers), bytes(body), secrets, now);
}

describe("a Grafana webhook", () => {
  const body = JSON.stringify({ alerts: [alert("Errors", "firing", "2026-03-01T11:00:00Z")] });
  const signed = { "x-grafana-alerting-signature": hex(body) };
  const seconds = String(Date.parse(now) / 1000);
  const timed: GrafanaSecrets = { hmac: [secret], timestampHeader: "X-Grafana-Alerting-Timestamp" };

  it("verifies by its signature over the body", () => {
    expect(grafana(body, signed)).toMatchObject({
      ok: true,
      signals: [{ source: "grafana", name: "Errors" }],
    });
  });

  it("verifies with the time under the signature, near to now", () => {
    const at = (stamp: string) => ({
      "x-grafana-alerting-timestamp": stamp,
      "x-grafana-alerting-signature": hex(`${stamp}:${body}`),
    });
    expect(grafana(body, at(seconds), timed)).toMatchObject({ ok: true });
    expect(grafana(body, at(String(Number(seconds) - 301)), timed)).toMatchObject({ status: 401 });
    expect(grafana(body, at(String(Number(seconds) + 301)), timed)).toMatchObject({ status: 401 });
    expect(grafana(body, { ...at(seconds), "x-grafana-alerting-timestamp": "1" }, timed)).toMatchObject({
      status: 401,
    });
    expect(grafana(body, signed, timed)).toMatchObject({ status: 401 });
  });

  it("is not excused from its signature by a token", () => {
    const both: GrafanaSecrets = { hmac: [secret], tokens: ["t0ken"] };
    expect(grafana(body, { authorization: "Bearer t0ken" }, both)).toMatchObject({ status: 401 });
    expect(grafana(body, { authorization: "Bearer t0ken" }, { tokens: ["t0ken"] })).toMatchObject({
      ok: true,
    });
  });

  it("that was changed on the way is refused", () => {
    expect(grafana(body.replace("firing", "resolved"), signed)).toMatchObject({ ok: false, status: 401 });
  });

  it("about missing data says nothing good or bad of the rule it is about", () => {
    const alerts = [alert("DatasourceNoData", "firing", now, never, { rulename: "Errors" })];
    const answer = grafana({ alerts }, { authorization: "Bearer t0ken" }, { tokens: ["t0ken"] });
    expect(answer).toMatchObject({ signals: [{ name: "Errors", state: "unknown" }] });
  });
});

describe.skipIf(!hasVectors)("Grafana's own fixture (shared/vectors, skipped without it)", () => {
  it("is read, once its placeholder is a time", () => {
    const text = vector("grafana-webhook-integration-test.json").replace('"%s"', '"2026-03-01T11:00:00Z"');
    expect(grafana(text, { "x-grafana-alerting-signature": hex(text) })).toMatchObject({
      ok: true,
      signals: [{ source: "grafana", name: "WebhookAlert", state: "alarm", at: "2026-03-01T11:00:00.000Z" }],
    });
  });

  it("is refused as it stands, with the place", () => {
    const text = vector("grafana-webhook-integration-test.json");
    expect(grafana(text, { "x-grafana-alerting-signature": hex(text) })).toEqual({
      ok: false,
      status: 400,
      message: "the alert group at alerts.0.startsAt: is no time",
    });
  });
});
