import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { seededRandom } from "../kernel/random.ts";
import { recordingDeadLetters, virtualKernel } from "../scheduler/testing.ts";
import { binomial } from "./binomial.ts";
import { createLambda } from "./index.ts";

async function splitAlias(weight: number, seed: number) {
  const { kernel } = virtualKernel({ seed });
  const lambda = createLambda(kernel, {
    metrics: { put: () => {} },
    deadLetters: recordingDeadLetters().port,
  });
  kernel.register(lambda.service);
  lambda.define("shop", { code: (version) => async () => version });
  for (let at = 0; at < 2; at++) await kernel.call("lambda", "PublishVersion", { FunctionName: "shop" });
  await kernel.call("lambda", "CreateAlias", {
    FunctionName: "shop",
    Name: "live",
    FunctionVersion: "1",
    RoutingConfig: { AdditionalVersionWeights: { 2: weight } },
  });
  return lambda;
}

/** Pearson's statistic of two classes; above 15.1 once in ten thousand. */
function chiSquare(hits: number, trials: number, p: number): number {
  return (hits - trials * p) ** 2 / (trials * p * (1 - p));
}

describe("a weighted alias", () => {
  it.each([
    [0.01, 1],
    [0.1, 2],
    [0.5, 3],
    [0.9, 4],
  ])("gives the additional version its share, invocation by invocation: %f", async (weight, seed) => {
    const lambda = await splitAlias(weight, seed);
    let hits = 0;
    const trials = 4_000;
    for (let at = 0; at < trials; at++) {
      const result = await lambda.invoker.invoke("shop:live", {});
      if (result.executedVersion === "2") hits++;
    }
    expect(chiSquare(hits, trials, weight)).toBeLessThan(15.1);
  });

  it.each([0, 1])("is no chance at all at %i", async (weight) => {
    const lambda = await splitAlias(weight, 5);
    expect(lambda.drawVersions("shop", "live", 1_000)).toEqual({ [weight === 0 ? "1" : "2"]: 1_000 });
  });

  it("draws ten million requests at once", async () => {
    const lambda = await splitAlias(0.1, 6);
    const began = performance.now();
    const drawn = lambda.drawVersions("shop", "live", 10_000_000);
    expect(performance.now() - began).toBeLessThan(50);
    expect((drawn["1"] ?? 0) + (drawn["2"] ?? 0)).toBe(10_000_000);
    expect(chiSquare(drawn["2"] ?? 0, 10_000_000, 0.1)).toBeLessThan(15.1);
  });

  it("at little traffic is sometimes nothing at all", async () => {
    const lambda = await splitAlias(0.1, 7);
    const draws = Array.from({ length: 2_000 }, () => lambda.drawVersions("shop", "live", 20)["2"] ?? 0);
    const none = draws.filter((each) => each === 0).length;
    expect(chiSquare(none, 2_000, 0.9 ** 20)).toBeLessThan(15.1);
  });
});

describe("binomial", () => {
  it("stays within its trials, whatever is asked", () => {
    const random = seededRandom(8);
    fc.assert(
      fc.property(fc.nat(1_000_000), fc.double({ min: 0, max: 1, noNaN: true }), (trials, p) => {
        const drawn = binomial(trials, p, random);
        return Number.isInteger(drawn) && drawn >= 0 && drawn <= trials;
      }),
    );
  });

  it.each([
    [40, 0.1],
    [100, 0.3],
    [5_000, 0.02],
    [1_000, 0.5],
  ])("has the mean and the variance of %i tosses at %f", (trials, p) => {
    const random = seededRandom(9);
    const draws = Array.from({ length: 20_000 }, () => binomial(trials, p, random));
    const mean = draws.reduce((sum, each) => sum + each, 0) / draws.length;
    const variance = draws.reduce((sum, each) => sum + (each - mean) ** 2, 0) / draws.length;
    const expectedVariance = trials * p * (1 - p);
    expect(Math.abs(mean - trials * p)).toBeLessThan(4 * Math.sqrt(expectedVariance / draws.length));
    expect(Math.abs(variance / expectedVariance - 1)).toBeLessThan(0.05);
  });
});
