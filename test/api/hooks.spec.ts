import { createHmac, sign } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { signatureHeaders } from "@gonogo/adapters/generic-webhook/signature";
import {
  type Certificates,
  type Envelope,
  fetchCertificates,
  stringToSign,
} from "@gonogo/adapters/sns/index";
import { selfSigned } from "@gonogo/adapters/sns/self-signed.testing";
import { fromMillis, type Instant, toMillis } from "@gonogo/core/kit/instant";
import { StoreUnavailable } from "@gonogo/core/release/ports";
import { HookSecrets, hooksFromSecrets } from "@gonogo/functions/api/hooks-from-secrets";
import { HOOKS, type HookName } from "@gonogo/functions/api/options";
import { describe, expect, it } from "vitest";
import { untilWatching, type VirtualApi, virtualApi } from "../support/virtual-api.ts";

const TOPIC = "arn:aws:sns:us-east-1:123456789012:alarms";
const CERTIFICATE = "https://sns.us-east-1.amazonaws.com/SimpleNotificationService-0a1b2c3d.pem";
const TIME_HEADER = "x-grafana-alerting-timestamp";
const own = selfSigned();
const strange = selfSigned();

const secrets = HookSecrets.parse({
  sentry: { clientSecrets: ["sentry-old", "sentry-new"] },
  grafana: { hmac: ["grafana-secret"], timestampHeader: TIME_HEADER, tokens: ["grafana-token"] },
  alertmanager: { tokens: ["prometheus-token"], passwords: ["prometheus:password"] },
  generic: { hmac: ["generic-secret"], tokens: ["generic-token"] },
  sns: { topics: [TOPIC] },
});

/** What a system sends: a header of proof is the one that a forger would need. */
interface Sending {
  readonly headers: Record<string, string>;
  readonly body: string;
}

/** Each system's alarm, signed as it signs; a name that the small plan's trigger is bound to. */
const SENDINGS: Record<HookName, { readonly proof: string; readonly send: (at: Instant) => Sending }> = {
  sentry: {
    proof: "sentry-hook-signature",
    send: (at) => {
      const alert_rule = { name: "Too many errors", triggers: [] };
      const metric_alert = { alert_rule, date_started: at, date_closed: null };
      const body = JSON.stringify({ action: "critical", data: { description_text: "5 %", metric_alert } });
      return { body, headers: sentryHeaders(body, at) };
    },
  },
  grafana: { proof: "x-grafana-alerting-signature", send: (at) => grafana(group("WebhookAlert", at), at) },
  alertmanager: {
    proof: "authorization",
    send: (at) => ({
      body: JSON.stringify({ version: "4", ...group("HighErrorRate", at) }),
      headers: { authorization: "Bearer prometheus-token" },
    }),
  },
  generic: {
    proof: "x-gonogo-signature",
    send: (at) => {
      const body = JSON.stringify({ name: "queue-backlog", state: "alarm", at });
      return { body, headers: signatureHeaders("generic-secret", body, at) };
    },
  },
  "cloudwatch-sns": {
    proof: "Signature",
    send: (at) => {
      const alarm = {
        AlarmName: "Orders5xx",
        NewStateValue: "ALARM",
        OldStateValue: "OK",
        NewStateReason: "Threshold Crossed",
        StateChangeTime: at.replace("Z", "+0000"),
      };
      return sns({ Message: JSON.stringify(alarm), Timestamp: at });
    },
  },
};

function sentryHeaders(body: string, at: Instant, secret = "sentry-new"): Record<string, string> {
  return {
    "sentry-hook-resource": "metric_alert",
    "sentry-hook-timestamp": String(Math.floor(toMillis(at) / 1000)),
    "sentry-hook-signature": createHmac("sha256", secret).update(body).digest("hex"),
  };
}

function group(alertname: string, startsAt: Instant) {
  const alert = { status: "firing", labels: { alertname }, annotations: {}, startsAt };
  return { status: "firing", alerts: [{ ...alert, endsAt: "0001-01-01T00:00:00Z" }] };
}

function grafana(value: unknown, at: Instant): Sending {
  const body = typeof value === "string" ? value : JSON.stringify(value);
  const stamp = String(Math.floor(toMillis(at) / 1000));
  const signature = createHmac("sha256", "grafana-secret").update(`${stamp}:${body}`).digest("hex");
  return { body, headers: { [TIME_HEADER]: stamp, "x-grafana-alerting-signature": signature } };
}

function sns(change: Partial<Envelope>, key = own.key): Sending {
  const unsigned: Envelope = {
    Type: "Notification",
    MessageId: "d88d4479-6ec0-54fe-b63f-1cf9df4bb16e",
    TopicArn: TOPIC,
    Message: "{}",
    Timestamp: "2026-05-05T10:00:00.000Z",
    SignatureVersion: "2",
    Signature: "",
    SigningCertURL: CERTIFICATE,
    ...change,
  };
  const Signature = sign("RSA-SHA256", Buffer.from(stringToSign(unsigned)), key).toString("base64");
  return { body: JSON.stringify({ ...unsigned, Signature }), headers: { "content-type": "text/plain" } };
}

function certificates(): Certificates {
  const fetch = async () => new Response(own.pem);
  return fetchCertificates({ fetch: fetch as unknown as typeof globalThis.fetch, now: () => later(0) });
}

const later = (ms: number, from = "2026-05-05T10:00:00.000Z") => fromMillis(Date.parse(from) + ms);

async function begin(confirmed: string[] = []): Promise<VirtualApi> {
  return await virtualApi({
    hooks: hooksFromSecrets(secrets, certificates()),
    confirm: async (url) => {
      confirmed.push(url);
    },
  });
}

function post(api: VirtualApi, system: string, { headers, body }: Sending) {
  return api.ask("POST", `/hooks/${system}`, { headers, body });
}

async function counted(api: VirtualApi, type: string): Promise<number> {
  return (await api.simulation.records()).filter(({ event }) => event.type === type).length;
}

describe.each(HOOKS)("a signal of %s", (system) => {
  const { proof, send } = SENDINGS[system];

  it("rolls the release back through the bus, once, however often it comes", async () => {
    const api = await begin();
    await untilWatching(api);
    const sending = send(api.now());
    const first = await post(api, system, sending);
    expect(first).toMatchObject({ status: 202, json: { signals: 1 } });
    const more = await Promise.all([1, 2, 3].map(() => post(api, system, sending)));
    expect(more.map(({ status }) => status)).toEqual([202, 202, 202]);
    await api.simulation.runToEnd();
    const { state } = await api.simulation.load();
    expect(state.status).toBe("rolled-back");
    expect(await counted(api, "SignalReceived")).toBe(1);
    expect(await counted(api, "TriggerFired")).toBe(1);
    expect(await counted(api, "RollbackStarted")).toBe(1);
    expect(await counted(api, "RollbackEnded")).toBe(1);
    const record = (await api.simulation.records()).find(({ event }) => event.type === "SignalReceived");
    expect(record?.actor).toMatchObject({ kind: "alarm" });
    expect(api.simulation.control.errors).toEqual([]);
  });

  it("that is forged, changed or unproven is refused, and reaches nobody", async () => {
    const api = await begin();
    await untilWatching(api);
    const before = api.writes();
    const good = send(api.now());
    for (const bad of forgeries(proof, good)) {
      const answer = await post(api, system, bad);
      expect([bad.headers, bad.body.slice(0, 300), answer.status]).toEqual([
        bad.headers,
        bad.body.slice(0, 300),
        401,
      ]);
      expect(answer.json.code).toBe("hook.unverified");
    }
    expect(api.writes()).toBe(before);
    await api.simulation.runTo(later(60_000));
    expect(await counted(api, "SignalReceived")).toBe(0);
    expect(await counted(api, "SignalIgnored")).toBe(0);
  });

  it("is refused where nothing is known of the system", async () => {
    const api = await virtualApi({ hooks: hooksFromSecrets(HookSecrets.parse({}), certificates()) });
    const answer = await post(api, system, send(api.now()));
    expect(answer).toMatchObject({ status: 404, json: { code: "hook.not-set-up" } });
  });
});

function forgeries(proof: string, { headers, body }: Sending): Sending[] {
  const other = body.replace(/alarm|firing|critical|ALARM/, "resolved");
  const changed = { headers, body: proof === "authorization" ? body : other };
  if (proof === "Signature") {
    const envelope = JSON.parse(body) as Envelope;
    const signedBy = (change: Partial<Envelope>, key = own.key) => sns({ ...envelope, ...change }, key);
    return [
      changed,
      { headers, body: JSON.stringify({ ...envelope, Signature: "" }) },
      signedBy({}, strange.key),
      signedBy({ TopicArn: "arn:aws:sns:us-east-1:999999999999:alarms" }),
      signedBy({ SigningCertURL: CERTIFICATE.replace("amazonaws.com", "amazonaws.com.evil.example") }),
      signedBy({ SigningCertURL: "http://127.0.0.1/SimpleNotificationService-0.pem" }),
    ];
  }
  const { [proof]: value = "", ...rest } = headers;
  const withProof = (text: string) => ({ body, headers: { ...rest, [proof]: text } });
  const flipped = value.replace(/.$/, (last) => (last === "0" ? "1" : "0"));
  return [
    ...(proof === "authorization" ? [] : [changed]),
    { body, headers: rest },
    withProof(""),
    withProof(flipped),
    withProof(value.slice(0, -2)),
    withProof("Bearer "),
    withProof(`Basic ${Buffer.from("prometheus:wrong").toString("base64")}`),
    withProof("sha256="),
  ];
}

describe("a proof", () => {
  it.each(["grafana", "generic"] as const)("with a time (%s) is worth nothing later", async (system) => {
    const api = await begin();
    const { send } = SENDINGS[system];
    expect((await post(api, system, send(api.now()))).status).toBe(202);
    for (const ms of [-300_001, 301_000]) {
      const answer = await post(api, system, send(later(ms, api.now())));
      expect(answer).toMatchObject({ status: 401, json: { code: "hook.unverified" } });
    }
  });

  it("by any of two secrets is good while they are being changed", async () => {
    const api = await begin();
    const { body } = SENDINGS.sentry.send(api.now());
    for (const [secret, status] of [
      ["sentry-old", 202],
      ["sentry-new", 202],
      ["sentry-older", 401],
      ["", 401],
    ] as const) {
      expect(
        (await post(api, "sentry", { body, headers: sentryHeaders(body, api.now(), secret) })).status,
      ).toBe(status);
    }
  });

  it("by a token does not stand in for Grafana's signature", async () => {
    const api = await begin();
    const { body } = SENDINGS.grafana.send(api.now());
    const headers = { authorization: "Bearer grafana-token" };
    expect((await post(api, "grafana", { body, headers })).status).toBe(401);
  });

  it("by name and password does for Alertmanager", async () => {
    const api = await begin();
    const { body } = SENDINGS.alertmanager.send(api.now());
    const headers = { authorization: `Basic ${Buffer.from("prometheus:password").toString("base64")}` };
    expect((await post(api, "alertmanager", { body, headers })).status).toBe(202);
  });

  it("that is good does not make a bad body good", async () => {
    const api = await begin();
    const at = api.now();
    for (const body of ["", "{", "null", "[]", '{"alerts":[{}]}', '{"alerts":"x"}', "\u0000"]) {
      const answer = await post(api, "grafana", grafana(body, at));
      expect([body, answer.status]).toEqual([body, 400]);
      expect(answer.headers.get("content-type")).toBe("application/problem+json");
    }
    const large = grafana(`{"alerts":[],"x":"${"x".repeat(600_000)}"}`, at);
    expect((await post(api, "grafana", large)).status).toBe(413);
  });
});

describe("a request that was caught and is sent again", () => {
  /** Of a rule with a warning, as no time of it stands in the body. */
  const escalated = (at: Instant): Sending => {
    const alert_rule = { name: "Too many errors", triggers: [{ label: "critical" }, { label: "warning" }] };
    const metric_alert = { alert_rule, date_started: "2026-05-01T00:00:00Z", date_closed: null };
    const body = JSON.stringify({ action: "critical", data: { description_text: "5 %", metric_alert } });
    return { body, headers: sentryHeaders(body, at) };
  };

  it("is not believed on another day, whatever its header says, where its body has no time", async () => {
    const api = await begin();
    const caught = escalated(api.now());
    expect((await post(api, "sentry", caught)).status).toBe(202);
    await api.simulation.control.clock.advance(5 * 3_600_000);
    expect((await post(api, "sentry", caught)).status).toBe(202);
    await api.simulation.control.clock.advance(2 * 3_600_000);
    const fresh = {
      body: caught.body,
      headers: { ...caught.headers, ...sentryHeaders(caught.body, api.now()) },
    };
    for (const again of [caught, fresh]) {
      expect(await post(api, "sentry", again)).toMatchObject({
        status: 401,
        json: { code: "hook.replayed" },
      });
    }
    // Another secret signs the same body: it is the same all the same.
    const headers = sentryHeaders(caught.body, api.now(), "sentry-old");
    expect((await post(api, "sentry", { body: caught.body, headers })).status).toBe(401);
    const other = escalated(api.now());
    const changed = { headers: other.headers, body: other.body.replace("5 %", "6 %") };
    expect(await post(api, "sentry", changed)).toMatchObject({
      status: 401,
      json: { code: "hook.unverified" },
    });
    const real = { body: changed.body, headers: sentryHeaders(changed.body, api.now()) };
    expect((await post(api, "sentry", real)).status).toBe(202);
  });

  it("starts nothing today where its body or its signature has a time", async () => {
    const api = await begin();
    const caught = HOOKS.map((system) => [system, SENDINGS[system].send(api.now())] as const);
    await api.simulation.control.clock.advance(240_000);
    await untilWatching(api);
    for (const [system, sending] of caught) {
      const { status } = await post(api, system, sending);
      expect([system, [202, 401].includes(status)]).toEqual([system, true]);
    }
    await api.simulation.runTo(later(60_000, api.now()));
    expect(await counted(api, "TriggerFired")).toBe(0);
    expect(await counted(api, "SignalReceived")).toBe(0);
  });

  it("with the message id of another is not believed: what is signed is the whole of it", async () => {
    const api = await begin();
    const { headers, body } = SENDINGS["cloudwatch-sns"].send(api.now());
    const envelope = JSON.parse(body) as Envelope;
    const ok = envelope.Message.replace("ALARM", "OK").replace(
      '"OldStateValue":"OK"',
      '"OldStateValue":"ALARM"',
    );
    for (const change of [
      { Message: ok },
      { Timestamp: later(1_000, api.now()) },
      { MessageId: "another" },
    ]) {
      const answer = await post(api, "cloudwatch-sns", {
        headers,
        body: JSON.stringify({ ...envelope, ...change }),
      });
      expect([Object.keys(change), answer.status]).toEqual([Object.keys(change), 401]);
    }
    expect((await post(api, "cloudwatch-sns", { headers, body })).status).toBe(202);
  });

  it.each(HOOKS)("by %s may have its headers in any case, and no two of one name", async (system) => {
    const api = await begin();
    const { proof, send } = SENDINGS[system];
    const { headers, body } = send(api.now());
    const upper = Object.fromEntries(
      Object.entries(headers).map(([name, value]) => [name.toUpperCase(), value]),
    );
    expect((await post(api, system, { body, headers: upper })).status).toBe(202);
    if (headers[proof] === undefined) return;
    const twice = { ...headers, [proof]: `${headers[proof]}, ${headers[proof]}` };
    expect((await post(api, system, { body, headers: twice })).status).toBe(401);
  });

  it("while the store is away is let in: an alarm is worth more than a replay costs", async () => {
    const api = await begin();
    const { guard } = api.simulation.control.runtime;
    guard.firstSeen = () => Promise.reject(new StoreUnavailable(undefined));
    expect((await post(api, "sentry", escalated(api.now()))).status).toBe(202);
  });
});

describe("a signal that does no good any more", () => {
  it("is on record and changes nothing, before the start and after the end", async () => {
    const api = await begin();
    expect((await post(api, "generic", SENDINGS.generic.send(api.now()))).status).toBe(202);
    await untilWatching(api);
    expect(await counted(api, "SignalIgnored")).toBe(1);
    expect(await counted(api, "TriggerFired")).toBe(0);
    expect(await api.simulation.runToEnd()).toBe(true);
    expect((await api.simulation.load()).state.status).toBe("completed");
    const late = later(0, api.now());
    expect((await post(api, "generic", SENDINGS.generic.send(late))).status).toBe(202);
    await api.simulation.runTo(later(60_000, api.now()));
    expect(await counted(api, "RollbackStarted")).toBe(0);
  });
});

describe("a subscription of SNS", () => {
  const asks = (SubscribeURL: string, change: Partial<Envelope> = {}) =>
    sns({
      Type: "SubscriptionConfirmation",
      Token: "t",
      Message: "You have chosen",
      SubscribeURL,
      ...change,
    });
  const url = `https://sns.us-east-1.amazonaws.com/?Action=ConfirmSubscription&TopicArn=${TOPIC}&Token=t`;

  it("is confirmed at SNS's own address", async () => {
    const confirmed: string[] = [];
    const api = await begin(confirmed);
    expect(await post(api, "cloudwatch-sns", asks(url))).toMatchObject({ status: 202, json: { signals: 0 } });
    expect(confirmed.map((one) => new URL(one).hostname)).toEqual(["sns.us-east-1.amazonaws.com"]);
  });

  it.each([
    "http://169.254.169.254/latest/meta-data/",
    url.replace("https:", "http:"),
    url.replace("amazonaws.com/", "amazonaws.com.evil.example/"),
    url.replace("sns.us-east-1.amazonaws.com/", "sns.us-east-1.amazonaws.com@evil.example/"),
    url.replace("sns.us-east-1.amazonaws.com/", "sns.us-east-1.amazonaws.com:8443/"),
    url.replace("ConfirmSubscription", "Unsubscribe"),
    url.replace(TOPIC, `${TOPIC}-2`),
    url.replace("us-east-1.amazonaws", "eu-west-1.amazonaws"),
    "",
  ])("is not confirmed at %j", async (address) => {
    const confirmed: string[] = [];
    const api = await begin(confirmed);
    const { status } = await post(api, "cloudwatch-sns", asks(address));
    expect([status, confirmed]).toEqual([400, []]);
  });

  it("of another's topic is not confirmed", async () => {
    const confirmed: string[] = [];
    const api = await begin(confirmed);
    const { status } = await post(api, "cloudwatch-sns", asks(url, { TopicArn: `${TOPIC}-2` }));
    expect([status, confirmed]).toEqual([401, []]);
  });
});

/** Recorded deliveries lie beside the repository, or not at all. */
const vectors = new URL("../../../shared/vectors/", import.meta.url);
const has = (name: string) => existsSync(new URL(name, vectors));
const vector = (name: string) => readFileSync(new URL(name, vectors), "utf8");

describe("what was recorded of the systems themselves", () => {
  it.skipIf(!has("grafana-webhook-integration-test.json"))("Grafana's group rolls back", async () => {
    const api = await begin();
    await untilWatching(api);
    const body = vector("grafana-webhook-integration-test.json").replaceAll("%s", api.now());
    expect(await post(api, "grafana", grafana(body, api.now()))).toMatchObject({ status: 202 });
    await api.simulation.runToEnd();
    expect((await api.simulation.load()).state.status).toBe("rolled-back");
  });

  it.skipIf(!has("sentry-metric_alert-resolved.json"))("Sentry's resolved alert does not", async () => {
    const api = await begin();
    await untilWatching(api);
    const body = vector("sentry-metric_alert-resolved.json");
    const sending = { body, headers: sentryHeaders(body, api.now()) };
    expect(await post(api, "sentry", sending)).toMatchObject({ status: 202, json: { signals: 1 } });
    await api.simulation.runToEnd();
    expect((await api.simulation.load()).state.status).toBe("completed");
  });
});
