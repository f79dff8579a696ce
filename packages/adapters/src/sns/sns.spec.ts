import { type KeyObject, sign } from "node:crypto";
import type { Instant } from "@gonogo/core/kit/instant";
import { describe, expect, it } from "vitest";
import { readCloudWatchEvent } from "../cloudwatch-event/index.ts";
import { bytes, hasVectors, vector } from "../signal/vectors.testing.ts";
import { isCertificateUrl } from "./certificates.ts";
import { type Envelope, fetchCertificates, readSns, stringToSign } from "./index.ts";
import { newKeys, selfSigned } from "./self-signed.testing.ts";

const now = "2026-03-01T12:00:00.000Z" as Instant;
const topic = "arn:aws:sns:eu-west-1:123456789012:alarms";
const certUrl = "https://sns.eu-west-1.amazonaws.com/SimpleNotificationService-0a1b2c3d.pem";
const keys = newKeys();
const own = selfSigned(undefined, undefined, undefined, keys);

const alarm = {
  AlarmName: "API5xxAlarm",
  NewStateValue: "ALARM",
  OldStateValue: "OK",
  NewStateReason: "Threshold Crossed",
  StateChangeTime: "2026-03-01T11:59:30.123+0000",
};

function envelope(change: Partial<Envelope> = {}, key: KeyObject = own.key): Envelope {
  const unsigned: Envelope = {
    Type: "Notification",
    MessageId: "d88d4479-6ec0-54fe-b63f-1cf9df4bb16e",
    TopicArn: topic,
    Subject: "ALARM",
    Message: JSON.stringify(alarm),
    Timestamp: "2026-03-01T11:59:31.000Z",
    SignatureVersion: "2",
    Signature: "",
    SigningCertURL: certUrl,
    ...change,
  };
  const algorithm = unsigned.SignatureVersion === "2" ? "RSA-SHA256" : "RSA-SHA1";
  const Signature = sign(algorithm, Buffer.from(stringToSign(unsigned)), key).toString("base64");
  return { ...unsigned, Signature };
}

function certificates(pem = own.pem, asked: string[] = []) {
  const answer = async (input: string | URL | Request) => {
    asked.push(String(input));
    return new Response(pem);
  };
  return fetchCertificates({ fetch: answer as typeof fetch, now: () => now });
}

async function read(body: unknown, trusted = certificates()) {
  return await readSns(new Headers(), bytes(body), { topics: [topic], certificates: trusted }, now);
}

describe("an alarm through SNS", () => {
  it.each(["1", "2"] as const)("verifies with signature version %s", async (SignatureVersion) => {
    const signal = {
      source: "cloudwatch",
      name: "API5xxAlarm",
      state: "alarm",
      at: "2026-03-01T11:59:30.123Z",
      says: "Threshold Crossed",
    };
    expect(await read(envelope({ SignatureVersion }))).toEqual({ ok: true, signals: [signal] });
  });

  it("has no Subject in what is signed when there is none", async () => {
    const { Subject: _, ...without } = envelope();
    const text = envelope({ ...without, Subject: undefined });
    expect(stringToSign(text)).not.toContain("Subject");
    expect(await read(text)).toMatchObject({ ok: true });
  });

  it("is the same signal as the event of the same change", async () => {
    const event = {
      "detail-type": "CloudWatch Alarm State Change",
      detail: {
        alarmName: alarm.AlarmName,
        state: { value: "ALARM", reason: "Threshold Crossed", timestamp: alarm.StateChangeTime },
      },
    };
    expect(readCloudWatchEvent(event)).toEqual(await read(envelope()));
  });

  it("fetches a certificate once", async () => {
    const asked: string[] = [];
    const kept = certificates(own.pem, asked);
    await read(envelope(), kept);
    await read(envelope(), kept);
    expect(asked).toEqual([certUrl]);
  });

  const stranger = selfSigned();
  const changed = { ...envelope(), Message: JSON.stringify({ ...alarm, AlarmName: "Another" }) };
  it.each([
    ["changed on the way", changed, undefined, 401],
    ["signed by another key", envelope({}, stranger.key), undefined, 401],
    ["of another topic", envelope({ TopicArn: "arn:aws:sns:eu-west-1:666666666666:alarms" }), undefined, 401],
    ["with what is no certificate", envelope(), { pem: "<html>" }, 401],
    ["with a Message that is no alarm", envelope({ Message: '{"hello":"world"}' }), undefined, 400],
    ["with a Message that is no JSON", envelope({ Message: "hello" }), undefined, 400],
    ["of an unknown type", { ...envelope(), Type: "Gossip" }, undefined, 400],
    ["not JSON", "{", undefined, 400],
    ["too large", "x".repeat(600_000), undefined, 413],
  ])("that is %s is refused", async (_what, body, certificate, status) => {
    expect(await read(body, certificates(certificate?.pem))).toMatchObject({ ok: false, status });
  });

  it.each([
    ["has run out", undefined, "2020-01-01T00:00:00", "2026-02-28T00:00:00"],
    ["is not valid yet", undefined, "2026-03-02T00:00:00", "2027-01-01T00:00:00"],
    ["is of another name", "sns.example.org", undefined, undefined],
  ])("is not verified with a certificate that %s", async (_what, name, from, to) => {
    const { pem } = selfSigned(name, from, to, keys);
    const message = expect.stringMatching(/not the address of a valid certificate/);
    expect(await read(envelope(), certificates(pem))).toMatchObject({ ok: false, status: 401, message });
  });

  it.each([
    "http://sns.eu-west-1.amazonaws.com/SimpleNotificationService-0a.pem",
    "https://sns.eu-west-1.amazonaws.com.evil.example/SimpleNotificationService-0a.pem",
    "https://evil.example/sns.eu-west-1.amazonaws.com/SimpleNotificationService-0a.pem",
    "https://sns.eu-west-1.amazonaws.com@evil.example/SimpleNotificationService-0a.pem",
    "https://sns.eu-west-1.amazonaws.com:8443/SimpleNotificationService-0a.pem",
    "https://sns.eu-west-1.amazonaws.com/bucket/SimpleNotificationService-0a.pem",
    "https://sns.eu-west-1.amazonaws.com/?Action=GetIt&x=SimpleNotificationService-0a.pem",
    "https://s3.eu-west-1.amazonaws.com/SimpleNotificationService-0a.pem",
    "file:///etc/passwd",
    "nowhere",
  ])("never fetches %s", async (SigningCertURL) => {
    const asked: string[] = [];
    const answer = await read(envelope({ SigningCertURL }), certificates(own.pem, asked));
    expect(answer).toMatchObject({ ok: false, status: 401 });
    expect(asked).toEqual([]);
  });

  it("throws what may be tried again when the certificate cannot be had", async () => {
    const down = fetchCertificates({
      fetch: () => Promise.reject(new TypeError("fetch failed")),
      now: () => now,
    });
    await expect(read(envelope(), down)).rejects.toMatchObject({ retryable: true });
  });
});

describe("a subscription that wants to be confirmed", () => {
  const confirm = (SubscribeURL: string) =>
    envelope({
      Type: "SubscriptionConfirmation",
      Token: "2336412f37",
      SubscribeURL,
      Message: "You have chosen",
    });
  const url = `https://sns.eu-west-1.amazonaws.com/?Action=ConfirmSubscription&TopicArn=${topic}&Token=2336412f37`;

  it("is answered with the address to call", async () => {
    expect(await read(confirm(url))).toEqual({ ok: true, confirm: url });
  });

  it.each([
    url.replace("eu-west-1.amazonaws.com", "eu-west-1.amazonaws.com.evil.example"),
    url.replace("https:", "http:"),
    url.replace("sns.eu-west-1", "sns.us-east-1"),
    url.replace(topic, "arn:aws:sns:eu-west-1:1:other"),
    url.replace("ConfirmSubscription", "Unsubscribe"),
    "",
  ])("is not sent to %s, however well signed", async (wrong) => {
    expect(await read(confirm(wrong))).toMatchObject({ ok: false, status: 400 });
  });

  it("once ended holds no signal", async () => {
    const ended = envelope({ Type: "UnsubscribeConfirmation", Token: "t", SubscribeURL: url });
    expect(await read(ended)).toEqual({ ok: true, signals: [] });
  });
});

describe.skipIf(!hasVectors)("messages recorded on AWS (shared/vectors, skipped without it)", () => {
  it("an SNS message inside SQS has a certificate where one is looked for, and every signed field", () => {
    const event = JSON.parse(vector("sns-in-sqs-event.json"));
    const message = JSON.parse(event.Records[0].body);
    expect(isCertificateUrl(message.SigningCertURL)).toBe(true);
    const names = stringToSign(message)
      .split("\n")
      .filter((_, index) => index % 2 === 0);
    expect(names).toEqual(["Message", "MessageId", "Timestamp", "TopicArn", "Type", ""]);
  });

  it("an alarm's message is read, once its placeholder is a time", async () => {
    const recorded = JSON.parse(vector("cw-alarm-sns-describe-history-aws-recorded.json"));
    const message = {
      ...recorded["alarm-triggered-sqs-msg"],
      StateChangeTime: "2026-03-01T11:00:00.000+0000",
    };
    expect(await read(envelope({ Message: JSON.stringify(message) }))).toMatchObject({
      ok: true,
      signals: [
        { source: "cloudwatch", name: "<alarm-name:1>", state: "alarm", at: "2026-03-01T11:00:00.000Z" },
      ],
    });
  });
});
