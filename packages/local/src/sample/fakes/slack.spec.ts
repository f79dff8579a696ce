import { existsSync, readFileSync } from "node:fs";
import { isPassing, words } from "@gonogo/adapters/slack/errors";
import { SlackChannel, type SlackRoute } from "@gonogo/adapters/slack/index";
import { fromMillis, type Instant, toMillis } from "@gonogo/core/kit/instant";
import { describe, expect, it } from "vitest";
import { fetchOf } from "./answers.ts";
import { type FakeSlackState, fakeSlack } from "./slack.ts";

const token = "xoxb-0123456789";
const path = "/services/T0/B0/5ecret";
const message = {
  key: "rel-1/m1",
  release: "rel-1",
  channel: "ops",
  audience: "team",
  text: "Phase 1 <10 %> & up",
};

function world(route: SlackRoute = { kind: "bot", token, channel: "#ops" }) {
  let now = toMillis("2026-03-01T09:00:00.000Z" as Instant);
  const clock = () => fromMillis(now);
  const state: FakeSlackState = {
    token,
    channels: {
      "#ops": { isMember: true },
      "#far": { isMember: false },
      "#old": { isMember: true, isArchived: true },
    },
    webhooks: { [path]: { channel: "#ops", isActive: true } },
    messages: [],
  };
  let asked = 0;
  const fake = fakeSlack(state, clock);
  const reach = fetchOf({ "slack.com": fake, "hooks.slack.com": fake });
  const channel = new SlackChannel({
    fetch: (input, init) => {
      asked += 1;
      return reach(input, init);
    },
    now: clock,
    route,
  });
  return { channel, state, clock, pass: (ms: number) => (now += ms), asked: () => asked };
}

const webhook: SlackRoute = { kind: "webhook", url: `https://hooks.slack.com${path}`, name: "#ops" };

describe("a message to Slack", () => {
  it.each([
    ["by the bot", undefined],
    ["by a webhook", webhook],
  ])("%s arrives, and cannot call out to the channel", async (_what, route) => {
    const { channel, state } = world(route);
    expect(await channel.send({ ...message, text: "<!channel> a & b" })).toEqual({ via: "slack #ops" });
    expect(state.messages).toMatchObject([{ channel: "#ops", text: "&lt;!channel&gt; a &amp; b" }]);
  });

  it.each([
    [
      "to a channel that is not there",
      { kind: "bot", token, channel: "#none" },
      /no such channel.*\(channel_not_found\)/,
    ],
    [
      "to a channel the app is not in",
      { kind: "bot", token, channel: "#far" },
      /invite it \(not_in_channel\)/,
    ],
    ["to an archived channel", { kind: "bot", token, channel: "#old" }, /archived/],
    ["with another token", { kind: "bot", token: "xoxb-stolen", channel: "#ops" }, /token is not valid/],
    [
      "by a webhook that is gone",
      { ...webhook, url: "https://hooks.slack.com/services/T0/B0/gone" },
      /make a new one \(no_service\)/,
    ],
  ] as [string, SlackRoute, RegExp][])(
    "%s is not tried again, and says what to do",
    async (_what, route, words) => {
      const failure = await world(route)
        .channel.send(message)
        .catch((error: Error) => error);
      expect(failure).toMatchObject({ retryable: false, message: expect.stringMatching(words) });
      expect(String(failure)).not.toMatch(/xoxb|services\//);
    },
  );

  it("that comes too soon waits as long as Slack says, without asking again", async () => {
    const { channel, state, clock, pass, asked } = world();
    state.limitedUntil = fromMillis(toMillis(clock()) + 30_000);
    await expect(channel.send(message)).rejects.toMatchObject({ retryable: true, retryAfterMs: 30_000 });
    pass(10_000);
    await expect(channel.send(message)).rejects.toMatchObject({ retryable: true, retryAfterMs: 20_000 });
    expect(asked()).toBe(1);
    pass(20_000);
    expect(await channel.send(message)).toEqual({ via: "slack #ops" });
    expect(state.messages).toHaveLength(1);
  });

  it("that is far too long is cut where Slack would", async () => {
    const { channel, state } = world();
    await channel.send({ ...message, text: "x".repeat(50_000) });
    expect(state.messages[0]?.text).toHaveLength(40_000);
  });
});

const vectors = new URL("../../../../../../shared/vectors/", import.meta.url);
describe.skipIf(!existsSync(vectors))(
  "Slack's documented answers (shared/vectors, skipped without it)",
  () => {
    const read = (name: string) => readFileSync(new URL(name, vectors), "utf8");
    const answering = (body: string) =>
      new SlackChannel({
        fetch: async () => new Response(body),
        now: () => "2026-03-01T09:00:00.000Z" as Instant,
        route: { kind: "bot", token, channel: "C123ABC456" },
      });

    it("its success is one", async () => {
      const channel = answering(read("slack-chat.postMessage-response-ok.json"));
      expect(await channel.send(message)).toEqual({ via: "slack C123ABC456" });
    });

    it("its error is one, by its code", async () => {
      const channel = answering(read("slack-chat.postMessage-response-error.json"));
      await expect(channel.send(message)).rejects.toMatchObject({
        retryable: false,
        message: expect.stringMatching(/too_many_attachments/),
      });
    });

    it("of its errors only the passing ones are tried again", () => {
      const codes = Object.keys(JSON.parse(read("slack-chat.postMessage-error-codes.json")));
      expect(codes.filter(isPassing).sort()).toEqual([
        "fatal_error",
        "org_login_required",
        "rate_limited",
        "ratelimited",
        "request_timeout",
        "service_unavailable",
        "team_added_to_org",
      ]);
      for (const code of codes) expect(words(code)).toContain(code);
    });
  },
);
