import { OutsideError } from "@gonogo/adapters/http/call";
import type { ArchivePlace } from "@gonogo/core/archive/schema";
import type { Finding } from "@gonogo/core/doctor/schema";
import { archiveIntegration } from "@gonogo/core/integration/schema";
import { messageOf } from "@gonogo/core/kit/text";
import type { Using } from "../runtime.ts";

const REMEDY =
  "mend the secret Archives, or the rights of what it names, and deploy; docs/operations.md says what it takes";

/** Whether copies of archives could be put where the deployment wants them. A secret that is wrong is told of elsewhere. */
export async function examineShelves(runtime: Using<"shelves">): Promise<Finding[]> {
  return await Promise.all(placesOf(runtime).map((place) => examineOne(runtime, place)));
}

function placesOf(runtime: Using<"shelves">): readonly ArchivePlace[] {
  try {
    return runtime.shelves.places;
  } catch {
    return [];
  }
}

async function examineOne({ shelves }: Using<"shelves">, place: ArchivePlace): Promise<Finding> {
  const part = archiveIntegration(place);
  try {
    const { ok, says } = (await shelves.on(place)?.look()) ?? { ok: false, says: "it is not set up" };
    return ok ? { part, condition: "well", says } : { part, condition: "ill", says, remedy: REMEDY };
  } catch (error) {
    const isPassing = error instanceof OutsideError && error.retryable;
    const says = messageOf(error);
    return isPassing
      ? { part, condition: "unknown", says }
      : { part, condition: "ill", says, remedy: REMEDY };
  }
}
