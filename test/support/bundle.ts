import type { BundleLine } from "@gonogo/core/audit/bundle";
import { type BundleSource, bundleLines } from "@gonogo/core/audit/make-bundle";
import { fromPem, type PublicKey } from "@gonogo/core/audit/signature";
import { type BundleVerdict, BundleVerifier, type Earlier } from "@gonogo/core/audit/verify-bundle";
import { DEPLOYMENT } from "@gonogo/core/deployment/state";
import type { VirtualControlPlane } from "@gonogo/local/simulation/control-plane";

/** What a bundle is made from, straight out of a control plane's own store. */
export async function sourceOf(control: VirtualControlPlane): Promise<BundleSource> {
  const { anchors, store } = control.runtime;
  const { key = "" } = await control.during(() => anchors.state());
  const checkpoints = await control.during(() => anchors.checkpoints(0, 10_000));
  const successions = await control.during(() => anchors.successions());
  const size = checkpoints.at(-1)?.checkpoint.size ?? 0;
  const leaves = await control.during(() => anchors.leaves(0, size));
  return {
    key,
    checkpoints,
    successions,
    leaves,
    async *records(release, seq) {
      yield await control.during(async () =>
        release === DEPLOYMENT ? await store.deploymentRecords(1, seq) : await store.records(release, 1, seq),
      );
    },
  };
}

export async function bundleOf(
  source: BundleSource,
  releases: "all" | readonly string[] = "all",
): Promise<BundleLine[]> {
  const lines: BundleLine[] = [];
  for await (const line of bundleLines(source, releases)) lines.push(line);
  return lines;
}

export function keyOf(source: BundleSource): PublicKey {
  const key = fromPem(source.key);
  if (key === undefined) throw new Error("the source has no key");
  return key;
}

/** Verifies what somebody made of a bundle: lines, or texts where they are no lines any more. */
export async function verdictOn(
  lines: readonly (BundleLine | string)[],
  key: PublicKey | readonly PublicKey[],
  earlier: readonly Earlier[] = [],
): Promise<BundleVerdict> {
  const verifier = new BundleVerifier(key instanceof Uint8Array ? [key] : key, earlier);
  for (const line of lines) await verifier.take(typeof line === "string" ? line : JSON.stringify(line));
  return await verifier.finish();
}
