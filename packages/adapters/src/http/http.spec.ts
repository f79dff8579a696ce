import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import type { Instant } from "@gonogo/core/kit/instant";
import { afterEach, describe, expect, it } from "vitest";
import { isPublicAddress } from "./address.ts";
import { retryAfter } from "./call.ts";
import { guardedFetch, type ProbeConfig, type ProbeRequest, probe, resolveName } from "./index.ts";

describe("an address", () => {
  it.each([
    "127.0.0.1",
    "127.9.9.9",
    "0.0.0.0",
    "10.1.2.3",
    "100.64.0.1",
    "169.254.169.254",
    "172.16.0.1",
    "172.31.255.255",
    "192.168.1.1",
    "198.18.0.1",
    "224.0.0.1",
    "255.255.255.255",
    "::",
    "::1",
    "[::1]",
    "::ffff:127.0.0.1",
    "::ffff:a9fe:a9fe",
    "::7f00:1",
    "64:ff9b::7f00:1",
    "fc00::1",
    "fd00:ec2::254",
    "fe80::1",
    "fe80::1%eth0",
    "2002:7f00:1::",
    "ff02::1",
    "localhost",
    "",
  ])("%s is not public", (address) => expect(isPublicAddress(address)).toBe(false));

  it.each(["8.8.8.8", "172.32.0.1", "100.128.0.1", "2606:4700::1111", "::ffff:8.8.8.8"])("%s is", (address) =>
    expect(isPublicAddress(address)).toBe(true),
  );
});

const names: Record<string, string[]> = {
  "app.example.org": ["93.184.216.34"],
  "inside.example.org": ["93.184.216.34", "10.0.0.5"],
  "nowhere.example.org": [],
};

function probing(answer: (url: string, method: string) => Response | Promise<Response>, seen: string[] = []) {
  const config: ProbeConfig = {
    fetch: async (input, init) => {
      seen.push(`${init?.method} ${input}`);
      return await answer(String(input), init?.method ?? "");
    },
    resolve: async (host) => names[host] ?? [],
  };
  return (request: Partial<ProbeRequest> = {}, more: Partial<ProbeConfig> = {}) =>
    probe(
      { ...config, ...more },
      { url: "https://app.example.org/health", method: "GET", status: 200, ...request },
    );
}

const redirect = (location: string, status = 302) => new Response(null, { status, headers: { location } });

describe("a probe", () => {
  it.each([
    ["the status", {}, true, /answered 200$/],
    ["status and text", { contains: "healthy" }, true, /with "healthy" in it/],
    ["another status", { status: 204 }, false, /answered 200, not 204/],
    ["other text", { contains: "version 8" }, false, /without "version 8"/],
  ] as [string, Partial<ProbeRequest>, boolean, RegExp][])(
    "looks for %s",
    async (_what, request, ok, detail) => {
      const result = await probing(() => new Response("all healthy"))(request);
      expect(result).toEqual({ ok, detail: expect.stringMatching(detail) });
    },
  );

  it("keeps what a URL's query says out of the log", async () => {
    const result = await probing(() => new Response("", { status: 500 }))({
      url: "https://app.example.org/x?key=5ecret#5ecret",
    });
    expect(result.detail).toBe("https://app.example.org/x answered 500, not 200");
  });

  it.each([
    "http://127.0.0.1/",
    "http://2130706433/",
    "http://0x7f.1/",
    "http://[::1]/",
    "http://[::ffff:169.254.169.254]/latest/meta-data",
    "http://169.254.169.254/latest/meta-data",
    "https://inside.example.org/",
    "https://nowhere.example.org/",
    "https://user:pass@app.example.org/",
    "file:///etc/passwd",
    "nonsense",
  ])("does not go to %s", async (url) => {
    const seen: string[] = [];
    const result = await probing(() => new Response(""), seen)({ url });
    expect(result.ok).toBe(false);
    expect(seen).toEqual([]);
    expect(result.detail).not.toContain("pass@");
  });

  it("goes inside where the deployment allows it", async () => {
    const result = await probing(() => new Response(""))(
      { url: "http://10.0.0.5/health" },
      { allowPrivate: true },
    );
    expect(result.ok).toBe(true);
  });

  it("follows redirects, but not to the inside, and not for ever", async () => {
    const go = probing((url) =>
      url.endsWith("/health") ? redirect("/login") : new Response("", { status: 200 }),
    );
    expect(await go()).toEqual({ ok: true, detail: "https://app.example.org/login answered 200" });
    const inside = probing(() => redirect("http://169.254.169.254/latest/meta-data"));
    expect(await inside()).toMatchObject({
      ok: false,
      detail: expect.stringMatching(/169\.254\.169\.254.*not a public/),
    });
    const seen: string[] = [];
    const round = probing(() => redirect("/health"), seen);
    expect(await round()).toMatchObject({ ok: false, detail: expect.stringMatching(/more than 5 times/) });
    expect(seen).toHaveLength(6);
  });

  it("takes a redirect as the answer when that is what is expected", async () => {
    expect(await probing(() => redirect("/login", 301))({ status: 301 })).toMatchObject({ ok: true });
  });

  it.each([
    [303, ["POST /health", "GET /login"]],
    [308, ["POST /health", "POST /login"]],
  ])("after %i asks as browsers do", async (status, expected) => {
    const seen: string[] = [];
    const go = probing(
      (url) => (url.endsWith("/health") ? redirect("/login", status) : new Response("")),
      seen,
    );
    await go({ method: "POST" });
    expect(seen.map((one) => one.replace("https://app.example.org", ""))).toEqual(expected);
  });

  it("reports what cannot be reached, and does not wait for ever", async () => {
    const refused = Object.assign(new TypeError("fetch failed"), {
      cause: Object.assign(new Error(), { code: "ECONNREFUSED" }),
    });
    expect(await probing(() => Promise.reject(refused))()).toMatchObject({
      ok: false,
      detail: expect.stringMatching(/ECONNREFUSED/),
    });
    const silent: typeof fetch = (_input, init) =>
      new Promise((_resolve, reject) =>
        init?.signal?.addEventListener("abort", () => reject(init.signal?.reason)),
      );
    const result = await probing(() => new Response(""))({}, { fetch: silent, timeoutMs: 20 });
    expect(result).toMatchObject({ ok: false, detail: expect.stringMatching(/no answer within 0\.02 s/) });
  });

  it("does not read without end", async () => {
    let sent = 0;
    const endless = new ReadableStream<Uint8Array>({
      pull(controller) {
        sent += 65_536;
        controller.enqueue(new Uint8Array(65_536));
      },
    });
    const result = await probing(() => new Response(endless))({ contains: "healthy" });
    expect(result).toMatchObject({ ok: false, detail: expect.stringMatching(/in the first 1048576 bytes/) });
    expect(sent).toBeLessThan(2_000_000);
  });
});

describe("the guarded fetch", () => {
  const closing: (() => void)[] = [];
  afterEach(() => {
    for (const close of closing.splice(0)) close();
  });

  async function serve(listener: RequestListener): Promise<number> {
    const server = createServer(listener);
    closing.push(() => server.close());
    await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
    return (server.address() as AddressInfo).port;
  }

  it("refuses this machine by number and by name, as it connects", async () => {
    let asked = 0;
    const port = await serve((_request, response) => {
      asked += 1;
      response.end("in");
    });
    for (const host of ["127.0.0.1", "localhost"]) {
      await expect(guardedFetch()(`http://${host}:${port}/`)).rejects.toMatchObject({ code: "ENOTPUBLIC" });
    }
    expect(asked).toBe(0);
  });

  it("refuses a name that was public when it was looked at", async () => {
    const port = await serve((_request, response) => response.end("in"));
    const result = await probe(
      { fetch: guardedFetch(), resolve: async () => ["93.184.216.34"] },
      { url: `http://localhost:${port}/`, method: "GET", status: 200 },
    );
    expect(result).toMatchObject({ ok: false, detail: expect.stringMatching(/ENOTPUBLIC/) });
  });

  it("goes there where that is allowed, with method, status, headers and body", async () => {
    const port = await serve((request, response) => {
      response.writeHead(request.method === "HEAD" ? 204 : 418, { "x-saw": request.method });
      response.end(request.method === "HEAD" ? undefined : "teapot");
    });
    const go = guardedFetch({ allowPrivate: true });
    const got = await go(`http://127.0.0.1:${port}/`, { method: "POST" });
    expect([got.status, got.headers.get("x-saw"), await got.text()]).toEqual([418, "POST", "teapot"]);
    expect((await go(`http://127.0.0.1:${port}/`, { method: "HEAD" })).status).toBe(204);
    expect(await resolveName("localhost")).toContain("127.0.0.1");
  });

  it("gives up when it is told to", async () => {
    const port = await serve(() => undefined);
    const url = `http://127.0.0.1:${port}/`;
    const result = await probe(
      {
        fetch: guardedFetch({ allowPrivate: true }),
        resolve: resolveName,
        allowPrivate: true,
        timeoutMs: 50,
      },
      { url, method: "GET", status: 200 },
    );
    expect(result).toMatchObject({ ok: false, detail: expect.stringMatching(/no answer within 0\.05 s/) });
  });
});

describe("Retry-After", () => {
  const now = "2026-03-01T12:00:00.000Z" as Instant;
  it.each([
    ["30", 30_000],
    ["Sun, 01 Mar 2026 12:01:00 GMT", 60_000],
    ["Sun, 01 Mar 2026 11:00:00 GMT", 0],
    ["soon", undefined],
  ])("%j is %s ms", (given, expected) => {
    expect(retryAfter(new Headers({ "retry-after": given }), now)).toBe(expected);
  });
});
