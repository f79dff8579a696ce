import { type EvidenceFile, fileKey } from "@gonogo/core/evidence/schema";
import type { PersonCommand } from "@gonogo/core/release/person-commands";
import type { Using } from "../runtime.ts";

/**
 * The file that a command refers to, if it refers to one and it is there with the digest that is claimed: as the
 * store itself verified it when it took it in. Throws ObjectStoreUnavailable when nobody can tell.
 */
export async function fileIn(
  runtime: Using<"objects">,
  release: string,
  command: PersonCommand,
): Promise<EvidenceFile | undefined> {
  const evidence = "evidence" in command ? command.evidence : undefined;
  if (evidence === undefined || typeof evidence === "string") return undefined;
  const { digest, name } = evidence;
  const key = fileKey(release, digest);
  const found = await runtime.objects.head(key);
  if (found?.digest !== digest) return undefined;
  const { size, contentType } = found;
  return { digest, size, contentType, name, key };
}
