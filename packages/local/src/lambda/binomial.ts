import type { Random } from "../kernel/random.ts";

/**
 * How many of `trials` succeed, each with probability `p`: one draw, exact, at a cost that does not grow with
 * `trials`. A demonstration sends ten million requests through an alias without tossing ten million coins.
 */
export function binomial(trials: number, p: number, random: Random): number {
  if (!Number.isSafeInteger(trials) || trials < 0) {
    throw new RangeError(`the number of trials must be a whole number from 0, got ${trials}`);
  }
  if (p <= 0 || trials === 0) return 0;
  if (p >= 1) return trials;
  if (p > 0.5) return trials - binomial(trials, 1 - p, random);
  return trials * p < 10 ? byWaiting(trials, p, random) : byRejection(trials, p, random);
}

/** Counts the waits between successes, which are geometric. Costs about `trials * p` steps. */
function byWaiting(trials: number, p: number, random: Random): number {
  const perStep = Math.log1p(-p);
  let successes = 0;
  for (let at = 0; ; successes++) {
    at += Math.floor(Math.log1p(-random.number()) / perStep) + 1;
    if (at > trials) return successes;
  }
}

/**
 * Transformed rejection with squeeze, BTRS: W. Hörmann, "The generation of binomial random variates",
 * Journal of Statistical Computation and Simulation 46 (1993). For trials * p of 10 and more.
 */
function byRejection(trials: number, p: number, random: Random): number {
  const odds = p / (1 - p);
  const spread = Math.sqrt(trials * p * (1 - p));
  const b = 1.15 + 2.53 * spread;
  const a = -0.0873 + 0.0248 * b + 0.01 * p;
  const c = trials * p + 0.5;
  const squeeze = 0.92 - 4.2 / b;
  const alpha = (2.83 + 5.1 / b) * spread;
  const mode = Math.floor((trials + 1) * p);
  for (;;) {
    const u = random.number() - 0.5;
    let v = random.number();
    const us = 0.5 - Math.abs(u);
    const k = Math.floor((2 * a * (1 / us) + b) * u + c);
    if (us === 0 || k < 0 || k > trials) continue;
    if (us >= 0.07 && v <= squeeze) return k;
    v = Math.log((v * alpha) / (a / (us * us) + b));
    const limit =
      (mode + 0.5) * Math.log((mode + 1) / (odds * (trials - mode + 1))) +
      (trials + 1) * Math.log((trials - mode + 1) / (trials - k + 1)) +
      (k + 0.5) * Math.log((odds * (trials - k + 1)) / (k + 1)) +
      stirlingTail(mode) +
      stirlingTail(trials - mode) -
      stirlingTail(k) -
      stirlingTail(trials - k);
    if (v <= limit) return k;
  }
}

/** What Stirling's formula leaves out of log(k!). */
function stirlingTail(k: number): number {
  const small = SMALL_TAILS[k];
  if (small !== undefined) return small;
  const square = (k + 1) * (k + 1);
  return (1 / 12 - (1 / 360 - 1 / 1260 / square) / square) / (k + 1);
}

const SMALL_TAILS = [
  0.08106146679532726, 0.04134069595540929, 0.02767792568499834, 0.02079067210376509, 0.01664469118982119,
  0.01387612882307075, 0.01189670994589177, 0.01041126526197209, 0.009255462182712733, 0.00833056343336287,
];
