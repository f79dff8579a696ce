import { type Finding, worstFirst } from "@gonogo/core/doctor/schema";
import { messageOf } from "@gonogo/core/kit/text";
import type { Using } from "../runtime.ts";
import { examineAudit, examineElsewhere } from "./audit.ts";
import { examineParts } from "./parts.ts";
import { type Examining, examineReleases } from "./releases.ts";
import { examineShelves } from "./shelves.ts";
import { examineTrust } from "./trust.ts";

/** Looks a whole deployment over, and changes nothing. What is worst stands first. */
export async function examine(
  runtime: Examining & Using<"anchors" | "whereElse">,
): Promise<{ findings: Finding[] }> {
  const [parts, audit, elsewhere, shelves, trust, releases] = await Promise.all([
    examineParts(runtime.inspector),
    examineAudit(runtime),
    examineElsewhere(runtime),
    examineShelves(runtime),
    examineTrust(runtime),
    examineReleases(runtime).catch((error: unknown): Finding[] => [
      {
        part: "releases",
        condition: "ill",
        says: `they could not be read: ${messageOf(error)}`,
        remedy: "see what is said of the table",
      },
    ]),
  ]);
  return { findings: worstFirst([...parts, ...audit, ...elsewhere, ...shelves, ...trust, ...releases]) };
}
