import { writeYaml } from "../plan/write.ts";
import { Policy } from "./schema.ts";

/** A policy as a person would write it: without what is only the default. Reading it gives the same policy. */
export function writePolicy(policy: Policy): string {
  return writeYaml(Policy, policy);
}
