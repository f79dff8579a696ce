import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ApiError, Gonogo } from "@gonogo/client/index";
import { personId } from "@gonogo/core/actor/schema";
import { type RunningServer, startServer } from "@gonogo/local/server/server";
import type { Browser, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import { openTestProvider, type TestProvider } from "../support/oidc.ts";
import { launchBrowser } from "./browser.ts";
import { overflow, violations } from "./stage.ts";

const PATIENCE_MS = 120_000;
const PEOPLE = [
  { id: "ada", name: "Ada Lovelace", groups: ["release-managers"] },
  { id: "ben", name: "Ben Okri", groups: ["quality"] },
  { id: "cyd", name: "Cyd Charisse", groups: ["board"] },
];
const POLICY = readFileSync(new URL("../../examples/policies/default.yaml", import.meta.url), "utf8");
const ROLES = { "release-managers": ["Release Manager"], quality: ["QA"], board: ["Governance"] };

let provider: TestProvider;
let server: RunningServer;
let browser: Browser;
const directory = mkdtempSync(join(tmpdir(), "gonogo-sign-in-"));
const pages: Page[] = [];
const addresses: string[] = [];

beforeAll(async () => {
  const port = await freePort();
  const page = `http://127.0.0.1:${port}/`;
  provider = await openTestProvider(PEOPLE, [
    {
      client_id: "gonogo",
      client_secret: "a secret of the server's",
      redirect_uris: [page],
      post_logout_redirect_uris: [page],
    },
  ]);
  const signIn = { clientId: "gonogo", clientSecret: "a secret of the server's", name: "The company" };
  const issuer = {
    issuer: provider.issuer,
    speaksFor: { kind: "person" },
    rolesClaim: "groups",
    roleMap: ROLES,
  };
  vi.stubEnv("GONOGO_ISSUERS", JSON.stringify([{ ...issuer, signIn }]));
  server = await startServer({ directory, port, sample: false, write: () => {} });
  browser = await launchBrowser();
}, PATIENCE_MS);

afterEach(async () => {
  for (const page of pages.splice(0)) await page.context().close();
});
afterAll(async () => {
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
  await browser?.close();
  await server?.stop();
  await provider?.close();
  rmSync(directory, { recursive: true, force: true });
});

/** A window of its own, with nobody signed in, and the page's own policy in force. */
async function open(hash = "", bypassCSP = false): Promise<Page> {
  const context = await browser.newContext({ bypassCSP, locale: "en-GB" });
  const page = await context.newPage();
  pages.push(page);
  page.on("framenavigated", (frame) => addresses.push(frame.url()));
  await page.goto(`${server.address}/${hash}`);
  await page.getByRole("heading", { name: "Sign in" }).waitFor();
  expect(await page.getByRole("alert").count()).toBe(0);
  return page;
}

async function signIn(page: Page, who: string): Promise<void> {
  await page.getByRole("button", { name: "Sign in with The company" }).click();
  await page.getByPlaceholder("Enter any login").fill(who);
  await page.getByPlaceholder("and password").fill("any");
  await page.getByRole("button", { name: "Sign-in" }).click();
  await page.getByRole("button", { name: "Continue" }).click();
  await page.getByRole("button", { name: "Sign out" }).waitFor();
}

const alert = (page: Page) => page.getByRole("alert").filter({ hasText: "Not signed in" });

/** The API, as somebody who is signed in on a page. */
async function apiOf(page: Page): Promise<Gonogo> {
  const kept = await page.evaluate(() => sessionStorage.getItem("gonogo.session"));
  const { token } = JSON.parse(kept ?? "{}") as { token?: string };
  return new Gonogo({ base: server.address, headers: () => ({ authorization: `Bearer ${token}` }) });
}

describe("signing in by an identity provider", () => {
  it(
    "makes three people of three, each where they wanted to go, with the roles of their groups",
    async () => {
      const seen: string[] = [];
      for (const { id, name } of PEOPLE) {
        const page = await open("#/calendar");
        await signIn(page, id);
        expect(page.url()).toBe(`${server.address}/#/calendar`);
        await page.getByRole("heading", { level: 1, name: "Calendar" }).waitFor();
        await page.getByText(name).first().waitFor();
        const me = await (await apiOf(page)).me();
        expect(me).toMatchObject({ id: personId(provider.issuer, id), name, demo: false });
        seen.push(...me.roles);
        const kept = await page.evaluate(() => JSON.stringify({ ...sessionStorage, ...localStorage }));
        expect(kept).not.toContain("verifier");
        // A reload is no new sign-in, and the way back leads to no code.
        await page.reload();
        await page.getByText(name).first().waitFor();
      }
      expect(seen).toEqual(["Release Manager", "QA", "Governance"]);
    },
    PATIENCE_MS,
  );

  it(
    "leaves no code in the history",
    async () => {
      const page = await open("#/measures");
      await signIn(page, "ada");
      addresses.length = 0;
      for (let step = 0; step < 8; step++) await page.goBack({ timeout: 3_000 }).catch(() => null);
      for (let step = 0; step < 8; step++) await page.goForward({ timeout: 3_000 }).catch(() => null);
      const codes = addresses.filter((url) => url.startsWith(server.address) && url.includes("code="));
      expect(codes).toEqual([]);
    },
    PATIENCE_MS,
  );

  it(
    "gives each what their role may do, and nobody more",
    async () => {
      const ben = await open();
      await signIn(ben, "ben");
      const policy = { text: POLICY, reason: "to see who may" };
      const refused = await (await apiOf(ben)).setPolicy(policy).catch((error: unknown) => error);
      expect(refused).toBeInstanceOf(ApiError);
      const records = await server.runtime.store.deploymentRecords(1, 100);
      expect(records.at(-1)).toMatchObject({
        event: { type: "CommandRefused", code: "policy.not-your-role" },
        actor: { kind: "person", id: personId(provider.issuer, "ben"), roles: ["QA"] },
      });
      expect(JSON.stringify(records)).not.toContain("Ben Okri");
    },
    PATIENCE_MS,
  );

  it(
    "says so when somebody says no at the provider",
    async () => {
      const page = await open("#/releases");
      await page.getByRole("button", { name: "Sign in with The company" }).click();
      await page.getByText("[ Cancel ]").click();
      await alert(page).filter({ hasText: "you were not let in there, or said no" }).waitFor();
      expect(page.url()).toBe(`${server.address}/#/releases`);
    },
    PATIENCE_MS,
  );

  it(
    "takes no answer that this tab has not asked for, and none for another's question",
    async () => {
      const lost = await open();
      await lost.goto(`${server.address}/?code=stolen&state=theirs`);
      await alert(lost).filter({ hasText: "this tab did not ask for it" }).waitFor();
      expect(lost.url()).toBe(`${server.address}/`);
      const begun = await open();
      await begun.getByRole("button", { name: "Sign in with The company" }).click();
      await begun.getByPlaceholder("Enter any login").waitFor();
      await begun.goto(`${server.address}/?code=stolen&state=theirs&iss=${provider.issuer}`);
      await alert(begun).filter({ hasText: "does not belong to this sign-in" }).waitFor();
      expect(await begun.evaluate(() => sessionStorage.length)).toBe(0);
    },
    PATIENCE_MS,
  );

  it(
    "signs out of the provider too, without the token in an address",
    async () => {
      const page = await open("#/calendar");
      await signIn(page, "cyd");
      addresses.length = 0;
      await page.getByRole("button", { name: "Sign out" }).click();
      await page.getByRole("button", { name: "Yes, sign me out" }).click();
      await page.getByRole("heading", { name: "Sign in" }).waitFor();
      expect(addresses.filter((url) => url.includes("eyJ"))).toEqual([]);
      expect(await page.evaluate(() => sessionStorage.length)).toBe(0);
      // The provider asks who it is again.
      await page.getByRole("button", { name: "Sign in with The company" }).click();
      await page.getByPlaceholder("Enter any login").waitFor();
    },
    PATIENCE_MS,
  );

  it(
    "has nothing that axe finds, light and dark, at 320 px, whatever there is to say",
    async () => {
      const found: string[] = [];
      const page = await open("", true);
      await page.setViewportSize({ width: 320, height: 700 });
      const look = async (what: string) => {
        for (const colorScheme of ["light", "dark"] as const) {
          await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
          for (const one of await violations(page)) found.push(`${what} ${colorScheme}: ${one}`);
          const shots = process.env.GONOGO_SHOTS;
          if (shots !== undefined) await page.screenshot({ path: `${shots}/${what}-${colorScheme}.png` });
        }
        if ((await overflow(page)) > 0) found.push(`${what} is too wide`);
      };
      await look("sign-in");
      await page.getByText("With a token").click();
      await look("token");
      await page.goto(`${server.address}/?error=access_denied&state=x`);
      await alert(page).waitFor();
      await look("refused");
      await page.route("**/v1/sign-in", (route) =>
        route.fulfill({ json: { items: [{ issuer: "https://id.example", name: "The company" }] } }),
      );
      await page.goto(`${server.address}/`);
      await page.getByRole("button", { name: "cannot be reached" }).waitFor();
      await look("away");
      expect(found).toEqual([]);
    },
    PATIENCE_MS,
  );

  it(
    "says when a session is over, and comes back to where it was",
    async () => {
      const page = await open("#/follow-ups");
      await signIn(page, "ada");
      const real = Date.now;
      vi.spyOn(Date, "now").mockImplementation(() => real() + 3_600_000);
      await page.goto(`${server.address}/#/calendar`);
      await page.getByRole("button", { name: "Sign in with The company" }).waitFor();
      await alert(page).waitFor();
      await signIn(page, "ada");
      expect(page.url()).toBe(`${server.address}/#/calendar`);
    },
    PATIENCE_MS,
  );
});

async function freePort(): Promise<number> {
  const probe = createServer();
  await new Promise<void>((resolve) => probe.listen(0, "127.0.0.1", resolve));
  const { port } = probe.address() as AddressInfo;
  await new Promise<void>((resolve) => probe.close(() => resolve()));
  return port;
}
