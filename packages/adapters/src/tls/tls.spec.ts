import type { AddressInfo } from "node:net";
import { createServer as createPlain } from "node:net";
import { createServer } from "node:tls";
import type { Look } from "@gonogo/core/check/port";
import { days } from "@gonogo/core/kit/duration";
import { fromMillis } from "@gonogo/core/kit/instant";
import { afterEach, describe, expect, it } from "vitest";
import { certificateFor } from "./certificate.testing.ts";
import { TlsCheck, type TlsConfig } from "./index.ts";

const ended: (() => void)[] = [];
afterEach(() => {
  for (const end of ended.splice(0)) end();
});

const DAY = 86_400_000;
const at = (daysFromNow: number) => new Date(Date.now() + daysFromNow * DAY).toISOString();

/** A server that shows a certificate for `host`, valid between two days from now. */
async function serving(
  from: number,
  to: number,
  host = "localhost",
): Promise<{ port: number; cert: string }> {
  const { cert, key } = certificateFor(host, at(from), at(to));
  const server = createServer({ cert, key }, (socket) => socket.on("error", () => undefined));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  ended.push(() => server.close());
  return { port: (server.address() as AddressInfo).port, cert };
}

function look(port: number, config: Partial<TlsConfig> = {}): Promise<Look> {
  const check = new TlsCheck({ hosts: ["localhost"], allowPrivate: true, timeoutMs: 2_000, ...config });
  const probe = { kind: "tls", host: "localhost", port, validFor: days(30) };
  return check.look({ probe, now: fromMillis(Date.now()) } as never);
}

describe("a certificate", () => {
  it.each([
    ["valid for long", -1, 31.5, "yes", /another 31 days/],
    ["valid for too short a time", -1, 29.5, "no", /only/],
    ["that has expired", -10, -1, "no", /was valid until/],
    ["that is not valid yet", 1, 90, "no", /valid only from/],
  ])("%s", async (_, from, to, answer, detail) => {
    const { port, cert } = await serving(from, to);
    const seen = await look(port, { ca: [cert] });
    expect(seen.answer).toBe(answer);
    expect(seen.saw.detail).toMatch(detail);
    expect(seen.saw.digest).toMatch(/^sha256:[0-9a-f]{64}$/);
  });

  it("that nobody known has signed is not trusted, however long it is valid", async () => {
    const { port } = await serving(-1, 400);
    expect(await look(port)).toMatchObject({
      answer: "no",
      saw: { detail: expect.stringContaining("not trusted") },
    });
  });

  it("of another host is not trusted", async () => {
    const { port, cert } = await serving(-1, 400, "elsewhere.example.org");
    expect(await look(port, { ca: [cert] })).toMatchObject({
      answer: "no",
      saw: { detail: expect.stringContaining("ERR_TLS_CERT_ALTNAME_INVALID") },
    });
  });
});

describe("a host", () => {
  it("that is not listed is not asked", async () => {
    const { port } = await serving(-1, 400);
    expect(await look(port, { hosts: ["shop.example.org"] })).toMatchObject({
      answer: "unknown",
      saw: { detail: expect.stringContaining("not among the hosts") },
    });
  });

  it("at a private address is not asked unless the deployment allows it", async () => {
    const { port } = await serving(-1, 400);
    expect(await look(port, { allowPrivate: false })).toMatchObject({
      answer: "unknown",
      saw: { detail: expect.stringContaining("ENOTPUBLIC") },
    });
  });

  it("that says nothing is left after a while", async () => {
    const server = createPlain(() => undefined);
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    ended.push(() => server.close());
    const { port } = server.address() as AddressInfo;
    expect(await look(port, { timeoutMs: 300 })).toMatchObject({
      answer: "unknown",
      saw: { detail: "no handshake within 0.3 s" },
    });
  });
});
