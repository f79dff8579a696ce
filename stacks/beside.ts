import type { FunctionName } from "@gonogo/functions/deployment";
import { variablesOf } from "@gonogo/functions/entry/needs";
import { ROOT_FILE } from "./environment.ts";
import type { Declared } from "./targets.ts";

/** What is laid beside the code of a function: Sigstore's trusted root, for those that verify or look after it. */
export function filesOf(
  name: FunctionName,
  { sigstoreRoot }: Pick<Declared, "sigstoreRoot">,
): { from: string; to: string }[] {
  const isRead = variablesOf(name).includes("GONOGO_SIGSTORE_ROOT");
  return sigstoreRoot !== undefined && isRead ? [{ from: sigstoreRoot, to: ROOT_FILE }] : [];
}
