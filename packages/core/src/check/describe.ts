import { assertNever } from "../kit/assert-never.ts";
import { spoken } from "../kit/duration.ts";
import type { Probe } from "./schema.ts";

/** What a probe looks at, in words; queries of URLs are left out, for they can hold secrets. */
export function describeProbe(probe: Probe): string {
  switch (probe.kind) {
    case "http": {
      const { pointer, equals, atLeast } = probe;
      const wanted = equals !== undefined ? ` is ${String(equals)}` : ` is at least ${atLeast}`;
      const where = pointer === undefined ? "" : `, and ${pointer || "the answer"}${wanted}`;
      return `${place(probe.url)} answers ${probe.status}${where}`;
    }
    case "tls":
      return `the certificate of ${probe.host}:${probe.port} is valid for ${spoken(probe.validFor)} yet`;
    case "age":
      return `${probe.pointer} at ${place(probe.url)} is no older than ${spoken(probe.within)}`;
    case "staging":
      return `${probe.component ?? "this version"} has had all traffic in ${probe.environment} for ${probe.soak === undefined ? "24 h (a hotfix 15 min)" : spoken(probe.soak)}`;
    default:
      return assertNever(probe);
  }
}

function place(text: string): string {
  const url = URL.parse(text);
  return url === null ? "the address" : `${url.host}${url.pathname}`;
}
