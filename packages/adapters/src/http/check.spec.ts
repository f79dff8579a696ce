import type { Look } from "@gonogo/core/check/port";
import { hours } from "@gonogo/core/kit/duration";
import type { Instant } from "@gonogo/core/kit/instant";
import { describe, expect, it } from "vitest";
import { type Allowed, isListed } from "./allowed.ts";
import { AgeCheck, HttpCheck } from "./check.ts";

const NOW = "2026-03-10T02:00:00.000Z" as Instant;
const PLACES: Record<string, string[]> = {
  "shop.example.org": ["93.184.216.34"],
  "inside.example.org": ["169.254.169.254"],
};

interface Asked {
  readonly url: string;
  readonly headers: Headers;
}

function allowing(answer: () => Response | Promise<Response>, asked: Asked[] = []): Allowed {
  return {
    hosts: ["shop.example.org", "inside.example.org", "169.254.169.254"],
    headers: { "shop.example.org": { authorization: "Bearer s3cret" } },
    now: () => NOW,
    resolve: async (host) => PLACES[host] ?? [],
    fetch: async (input, init) => {
      asked.push({ url: String(input), headers: new Headers(init?.headers) });
      expect(init?.redirect).toBe("manual");
      return await answer();
    },
  };
}

const URL_ = "https://shop.example.org/health?key=5ecret";
const http = (config: Allowed, probe: object = {}): Promise<Look> =>
  new HttpCheck(config).look({
    probe: { kind: "http", url: URL_, status: 200, ...probe },
    now: NOW,
  } as never);
const age = (config: Allowed, probe: object = {}): Promise<Look> =>
  new AgeCheck(config).look({
    probe: { kind: "age", url: URL_, pointer: "/newest/at", within: hours(24), ...probe },
    now: NOW,
  } as never);
const backup =
  (at: unknown, status = "available") =>
  () =>
    Response.json({ newest: { at, status } });

describe("a check over HTTP", () => {
  it.each([
    ["the status", () => new Response("ok"), {}, "yes", "it answered 200"],
    ["another status", () => new Response("", { status: 503 }), {}, "no", /503/],
    [
      "a status that is wanted, 503 too",
      () => new Response("", { status: 503 }),
      { status: 503 },
      "yes",
      /503/,
    ],
    ["a value", () => Response.json({ a: ["b"] }), { pointer: "/a/0", equals: "b" }, "yes", /\/a\/0 is b/],
    [
      "another value",
      () => Response.json({ ok: "true" }),
      { pointer: "/ok", equals: true },
      "no",
      /not true/,
    ],
    ["enough", () => Response.json({ free: 3 }), { pointer: "/free", atLeast: 3 }, "yes", /is 3/],
    [
      "too little",
      () => Response.json({ free: 2.9 }),
      { pointer: "/free", atLeast: 3 },
      "no",
      /not at least 3/,
    ],
    ["text for a number", () => Response.json({ free: "9" }), { pointer: "/free", atLeast: 3 }, "no", /is 9/],
    ["nothing there", () => Response.json({}), { pointer: "/free", atLeast: 3 }, "no", /not there/],
    ["no JSON", () => new Response("<html>"), { pointer: "/free", atLeast: 3 }, "no", /no JSON/],
    [
      "a proxy's page",
      () => new Response("", { status: 302, headers: { location: "/login" } }),
      {},
      "no",
      /302/,
    ],
  ] as [string, () => Response, object, string, string | RegExp][])(
    "%s",
    async (_, answer, probe, expected, detail) => {
      const look = await http(allowing(answer), probe);
      expect(look.answer).toBe(expected);
      expect(look.saw.detail).toMatch(detail);
      expect(JSON.stringify(look)).not.toContain("5ecret");
    },
  );

  it("is no yes when nobody answers", async () => {
    const look = await http(allowing(() => Promise.reject(new TypeError("fetch failed"))));
    expect(look).toMatchObject({
      answer: "no",
      saw: { detail: expect.stringContaining("cannot be reached") },
    });
  });

  it("follows no redirect, not even to the metadata of the machine", async () => {
    const asked: Asked[] = [];
    const location = "http://169.254.169.254/latest/meta-data/iam/security-credentials/";
    const look = await http(allowing(() => new Response("", { status: 302, headers: { location } }), asked));
    expect(look.answer).toBe("no");
    expect(asked).toHaveLength(1);
  });

  it.each([
    ["https://elsewhere.example.org/", "not among the hosts"],
    ["http://169.254.169.254/latest/meta-data/", "not a public address"],
    ["https://inside.example.org/", "not a public address"],
    ["https://shop.example.org.evil.test/", "not among the hosts"],
    ["https://user:pass@shop.example.org/", "with a password"],
  ])("does not ask %s", async (url, why) => {
    const asked: Asked[] = [];
    const look = await http(
      allowing(() => new Response(""), asked),
      { url },
    );
    expect(look).toMatchObject({ answer: "unknown", saw: { detail: expect.stringContaining(why) } });
    expect(asked).toEqual([]);
  });

  it("reads no more of ten gigabytes than a mebibyte", async () => {
    let given = 0;
    const chunk = new Uint8Array(65_536);
    const endless = () =>
      new Response(
        new ReadableStream({
          pull(controller) {
            given += chunk.byteLength;
            controller.enqueue(chunk);
          },
        }),
      );
    const look = await http(allowing(endless), { pointer: "/a", equals: 1 });
    expect(look).toMatchObject({ answer: "no", saw: { detail: expect.stringContaining("larger than") } });
    expect(given).toBeLessThan(2_000_000);
  });

  it("sends the deployment's headers to their host over https, and nowhere else", async () => {
    const asked: Asked[] = [];
    const config = allowing(() => new Response("ok"), asked);
    await http(config);
    await http(config, { url: "http://shop.example.org/health" });
    expect(asked.map(({ headers }) => headers.get("authorization"))).toEqual(["Bearer s3cret", null]);
  });
});

describe("the age of something, over HTTP", () => {
  it.each([
    ["young", backup("2026-03-09T03:00:00Z"), {}, "yes", /23 h old/],
    ["a minute too old", backup("2026-03-09T01:59:00Z"), {}, "no", /more than/],
    ["of a clock that is ahead", backup("2026-03-10T04:00:00Z"), {}, "unknown", /in the future/],
    ["no time", backup(1_700_000_000), {}, "unknown", /no time/],
    ["not there", backup(undefined), {}, "unknown", /not there/],
    [
      "not available",
      backup("2026-03-09T03:00:00Z", "creating"),
      { where: { pointer: "/newest/status", equals: "available" } },
      "no",
      /creating/,
    ],
    ["an error", () => new Response("", { status: 500 }), {}, "unknown", /500/],
  ] as [string, () => Response, object, string, RegExp][])(
    "%s",
    async (_, answer, probe, expected, detail) => {
      const look = await age(allowing(answer), probe);
      expect(look.answer).toBe(expected);
      expect(look.saw.detail).toMatch(detail);
    },
  );

  it("says until when it will do", async () => {
    const look = await age(allowing(backup("2026-03-09T03:00:00Z")));
    expect(look.saw).toMatchObject({ at: "2026-03-09T03:00:00.000Z", until: "2026-03-10T03:00:00.000Z" });
  });
});

describe("a list of hosts", () => {
  it.each([
    ["a.example.org", "a.example.org", true],
    ["A.example.org", "a.EXAMPLE.org", true],
    ["*.example.org", "b.a.example.org", true],
    ["*.example.org", "example.org", false],
    ["*.example.org", "evilexample.org", false],
    ["a.example.org", "b.a.example.org", false],
  ])("%s and %s: %s", (listed, host, expected) => expect(isListed([listed], host)).toBe(expected));
});
