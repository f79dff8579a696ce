import type { Gonogo, Leaf, SignedCheckpoint } from "@gonogo/client";
import type { BundleSource } from "@gonogo/core/audit/make-bundle";
import { EXIT } from "../exit.ts";
import { Failure } from "../failure.ts";

/** Records, leaves and checkpoints that are asked for at a time. */
const PIECE = 500;
const CHECKPOINTS = 200;

/**
 * What a bundle is made from, out of the API. The checkpoints are read before anything else, so that what is
 * written meanwhile is not missed in what they have signed.
 */
export async function bundleSource(api: Gonogo): Promise<BundleSource> {
  const { key } = await api.audit();
  const checkpoints: SignedCheckpoint[] = [];
  for (let after: number | undefined = 0; after !== undefined; ) {
    const page: Awaited<ReturnType<Gonogo["checkpoints"]>> = await api.checkpoints({
      after,
      limit: CHECKPOINTS,
    });
    checkpoints.push(...page.items);
    after = following(after, page.next);
  }
  const size = checkpoints.at(-1)?.checkpoint.size ?? 0;
  if (key === undefined || size === 0) {
    throw new Failure({
      code: "audit.nothing-signed",
      exit: EXIT.refused,
      message: "nothing has been signed yet",
      hint: "Records are anchored and signed within ten minutes, and at once when a release ends.",
    });
  }
  // Read behind the checkpoints: no key has signed one of them without its succession being there.
  const { successions } = await api.audit();
  const leaves: Leaf[] = [];
  for (let after: number | undefined = 0; after !== undefined && after < size; ) {
    const page: Awaited<ReturnType<Gonogo["leaves"]>> = await api.leaves({ after, limit: PIECE });
    leaves.push(...page.items);
    after = following(after, page.next);
  }
  return {
    key,
    checkpoints,
    successions,
    leaves: leaves.slice(0, size),
    records: (id, seq) => records(api, id, seq),
  };
}

/** By number, and not by what the server says comes next: a log with a gap is read behind it too. */
async function* records(api: Gonogo, id: string, seq: number) {
  for (let after = 0; after < seq; after += PIECE) {
    const { items } = await api.logRecords(id, { after, limit: Math.min(PIECE, seq - after) });
    yield items;
  }
}

function following(after: number, next: string | undefined): number | undefined {
  if (next === undefined) return undefined;
  const place = Number(next);
  if (place > after) return place;
  throw new Failure({
    code: "audit.pages",
    exit: EXIT.unreachable,
    message: `the server's pages of the audit log go round in a circle after ${after}`,
    hint: "Is the server of the same version as this command?",
  });
}
