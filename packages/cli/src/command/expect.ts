import { Option } from "commander";
import { ENDS } from "../show/status.ts";

/** For every command that sees a release end. */
export function expectOption(): Option {
  return new Option("--expect <status>", "the end that counts as success (default: completed)").choices(ENDS);
}
