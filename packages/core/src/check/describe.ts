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
    case "backup":
      return `a backup of ${probe.resource} that can be restored is no older than ${spoken(probe.within)}`;
    case "ci":
      return `every check of ${probe.repo}@${probe.commit.slice(0, 7)} is green`;
    case "change-log":
      return `${probe.path} of ${probe.repo}@${probe.ref} has an entry for ${probe.version}`;
    case "artifact": {
      const { signature } = probe;
      const by = signature?.kind === "keyless" ? ` as that of ${signature.identity}` : "";
      const signed = signature === undefined ? "" : `, and its signature verifies${by}`;
      return `the SHA-256 of ${artifact(probe.source)} is ${probe.sha256.slice(0, 12)}…${signed}`;
    }
    case "staging":
      return `${probe.component ?? "this version"} has had all traffic in ${probe.environment} for ${probe.soak === undefined ? "24 h (a hotfix 15 min)" : spoken(probe.soak)}`;
    case "rehearsal":
      return `its rollback was rehearsed in ${probe.environment} within ${spoken(probe.within)}`;
    case "on-call":
      return probe.rotation.kind === "pagerduty"
        ? `PagerDuty's schedule ${probe.rotation.schedule} has somebody on call throughout`
        : `the calendar at ${place(probe.rotation.url)} has somebody on call throughout`;
    default:
      return assertNever(probe);
  }
}

function artifact(source: Extract<Probe, { kind: "artifact" }>["source"]): string {
  switch (source.kind) {
    case "lambda":
      return `${source.component}'s code`;
    case "https":
      return place(source.url);
  }
}

function place(text: string): string {
  const url = URL.parse(text);
  return url === null ? "the address" : `${url.host}${url.pathname}`;
}
