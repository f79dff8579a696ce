import { referenceMarkdown } from "../plan/json-schema.ts";
import { Policy } from "./schema.ts";

const PREFACE = `# Policy reference

A policy is a YAML (or JSON) file: what a deployment demands of its plans. This page is made from its schema. What a
plan leaves out is filled in from the policy; what is weaker is refused when it is submitted. \`examples/policies\`
has two to start from, and [plan-reference.md](plan-reference.md) every field of a plan that \`require\` may name.

The demands of \`all\`, of the class of the change, and of \`inFreeze\` where a freeze falls into the plan's time, add
up; of two single values the later stands.`;

/** docs/policy-reference.md. */
export function policyReferenceMarkdown(): string {
  return referenceMarkdown("Policy", Policy, PREFACE);
}
