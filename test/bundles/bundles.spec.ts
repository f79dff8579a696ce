import { mkdtempSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Bundle, bundleAll } from "@gonogo/functions/bundle";
import { FUNCTIONS, type FunctionName } from "@gonogo/functions/deployment";
import type { LambdaHandler } from "@gonogo/functions/lambda";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { readBudget } from "../../bench/bundles.ts";
import { openProvider } from "../entries/provider.ts";
import { EntryWorld, fromSource, type Load } from "../entries/world.ts";

const outside = vi.hoisted(() => ({ fetch: undefined as typeof fetch | undefined }));

vi.mock(import("@gonogo/adapters/http/guarded-fetch"), async (original) => ({
  ...(await original()),
  guardedFetch: () => (input, init) => (outside.fetch ?? fetch)(input, init),
}));

/** Aim of a bundle, which those meet that write nothing. */
const AIM = 400_000;
const NAMES = Object.keys(FUNCTIONS) as FunctionName[];
const require = createRequire(import.meta.url);

describe("the bundles that go to Lambda", () => {
  const directory = mkdtempSync(join(tmpdir(), "gonogo-bundles-"));
  let bundles: readonly Bundle[];

  beforeAll(async () => {
    bundles = await bundleAll(directory);
  });

  afterAll(() => {
    rmSync(directory, { recursive: true, force: true });
  });

  const handlerOf = (name: FunctionName): LambdaHandler =>
    (require(join(directory, name, "index.mjs")) as { handler: LambdaHandler }).handler;

  it.each(NAMES)("%s is within its budget", (name) => {
    const bytes = bundles.find((one) => one.name === name)?.bytes;
    expect(bytes).toBeGreaterThan(0);
    expect(bytes).toBeLessThanOrEqual(readBudget()[name] ?? 0);
  });

  it("are budgeted one by one, those that decide nothing below the aim", () => {
    const budget = readBudget();
    expect(Object.keys(budget).toSorted()).toEqual(NAMES.toSorted());
    const meeting = [
      "next",
      "park",
      "what-goes-back",
      "stand-by",
      "publish",
      "service",
      "audit",
      "checkpoint",
    ];
    for (const name of [...meeting, "put-back-alone"]) {
      expect(bundles.find((one) => one.name === name)?.bytesAtStart, name).toBeLessThanOrEqual(AIM);
    }
  });

  it.each(NAMES)("%s loads by itself and says what it has not been given", async (name) => {
    vi.stubEnv("AWS_REGION", "");
    vi.stubEnv("POWERTOOLS_LOG_LEVEL", "SILENT");
    await expect(handlerOf(name)({})).rejects.toThrow("AWS_REGION is not set");
    vi.unstubAllEnvs();
  });

  it("holds the SDK clients of what its function calls, and no others", () => {
    const clientsOf = (name: FunctionName) =>
      bundles
        .find((one) => one.name === name)
        ?.packages.flatMap(([from]) => /^@aws-sdk\/client-(.+)/.exec(from)?.[1] ?? [])
        .toSorted();
    expect(clientsOf("next")).toEqual(["dynamodb"]);
    expect(clientsOf("park")).toEqual(["dynamodb", "sfn"]);
    expect(clientsOf("publish")).toEqual(["eventbridge"]);
    expect(clientsOf("put-back-alone")).toEqual(["lambda", "sts"]);
    expect(clientsOf("begin")).toEqual(["dynamodb", "eventbridge", "scheduler", "sfn"]);
    expect(clientsOf("put-back")).toEqual(["dynamodb", "eventbridge", "lambda", "scheduler", "sfn", "sts"]);
  });

  it("carry a release into its first phase and back", async () => {
    const provider = await openProvider();
    outside.fetch = provider.fetch;
    vi.stubGlobal("fetch", async () => new Response("", { status: 202 }));
    // The API stays in this process's own form: it alone asks the provider, which is nowhere.
    const load: Load = async (name) =>
      name === "api" ? await fromSource(name) : { handler: handlerOf(name) };
    const world = await EntryWorld.open(provider, load);
    await world.submit();
    expect(await world.until(({ steps }) => steps.some((one) => one.status === "watching"))).toBe(true);
    expect(await world.route()).toBe("41+42:0.1");
    await world.setAlarm("ALARM");
    expect(await world.until(({ status }) => status === "rolled-back")).toBe(true);
    expect(await world.route()).toBe("41");
    await world.close();
  });
});
