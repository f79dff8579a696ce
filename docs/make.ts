import { writeFileSync } from "node:fs";
import { planReferenceMarkdown } from "@gonogo/core/plan/json-schema";
import { policyReferenceMarkdown } from "@gonogo/core/policy/reference";

/** Makes the documents that come out of the code. */
writeFileSync(new URL("plan-reference.md", import.meta.url), planReferenceMarkdown());
writeFileSync(new URL("policy-reference.md", import.meta.url), policyReferenceMarkdown());
