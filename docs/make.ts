import { writeFileSync } from "node:fs";
import { planReferenceMarkdown } from "@gonogo/core/plan/json-schema";

/** Makes the documents that come out of the code. */
writeFileSync(new URL("plan-reference.md", import.meta.url), planReferenceMarkdown());
