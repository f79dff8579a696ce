import { createHash } from "node:crypto";
import { verifyChain } from "@gonogo/core/audit/chain";
import { fromMillis, toMillis } from "@gonogo/core/kit/instant";
import { Drive } from "@gonogo/core/testing/drive";
import { samplePlan } from "@gonogo/core/testing/plans";
import type { Measured } from "./kit.ts";

/** Audit records verified a second, beside plain SHA-256 over the same JSON text. */
export function audit(): Measured[] {
  const plan = samplePlan();
  const drive = new Drive(plan, fromMillis(toMillis(plan.start) - 3_600_000));
  drive.openGates();
  drive.runUntil((state) => state.status === "reviewing", fromMillis(toMillis(plan.start) + 40 * 3_600_000));
  const { log } = drive;
  const rounds = 200;
  const verified = timed(() => {
    for (let round = 0; round < rounds; round++) {
      if (!verifyChain(plan.id, log).ok) throw new Error("the chain does not verify");
    }
  });
  const texts = log.map((record) => JSON.stringify(record));
  const hashed = timed(() => {
    for (let round = 0; round < rounds; round++) {
      for (const text of texts)
        createHash("sha256")
          .update(JSON.stringify(JSON.parse(text)))
          .digest("hex");
    }
  });
  const perSecond = Math.round((rounds * log.length) / (verified / 1000));
  const ratio = (verified / hashed).toFixed(1);
  return [
    {
      what: "audit records verified a second",
      value: perSecond.toLocaleString("en"),
      beside: `${ratio} x the time of parsing the same JSON and hashing it (OpenSSL)`,
    },
  ];
}

function timed(work: () => void): number {
  const began = performance.now();
  work();
  return performance.now() - began;
}
