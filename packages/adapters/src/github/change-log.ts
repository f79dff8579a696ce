import { createHash } from "node:crypto";
import { no, unknown, yes } from "@gonogo/core/check/look";
import type { CheckProbe, Look, LookRequest } from "@gonogo/core/check/port";
import type { ProbeOf } from "@gonogo/core/check/schema";
import { OutsideError } from "../http/call.ts";
import { askGitHub, type GitHubConfig, whyNot } from "./client.ts";

/**
 * Whether a file at a ref has an entry for a version: a heading with the version in it, and text below.
 * https://docs.github.com/rest/repos/contents#get-repository-content
 */
export class ChangeLog implements CheckProbe<ProbeOf<"change-log">> {
  readonly #config: GitHubConfig;

  constructor(config: GitHubConfig) {
    this.#config = config;
  }

  async look({ probe }: LookRequest<ProbeOf<"change-log">>): Promise<Look> {
    const { repo, ref, path, version } = probe;
    const source = `GitHub ${repo}@${ref}, ${path}`;
    const segments = (text: string) => text.split("/").map(encodeURIComponent).join("/");
    const where = `/repos/${segments(repo)}/contents/${segments(path)}?ref=${encodeURIComponent(ref)}`;
    try {
      const answer = await askGitHub(this.#config, "read a file", where, "application/vnd.github.raw+json");
      if (answer.status === 404) return no(source, "there is no such file at that ref");
      if (answer.status !== 200) return unknown(source, whyNot(answer));
      const entry = entryFor(answer.text, version);
      if (entry === undefined) return no(source, `no heading has ${version} in it`);
      if (entry.trim() === "") return no(source, `the entry for ${version} is empty`);
      const digest = `sha256:${createHash("sha256").update(entry).digest("hex")}`;
      return yes(source, `it has an entry for ${version}`, { value: version, digest });
    } catch (error) {
      if (error instanceof OutsideError) return unknown(source, error.message);
      throw error;
    }
  }
}

/** What stands under the heading of a version, up to the next heading of its rank; undefined without one. */
export function entryFor(text: string, version: string): string | undefined {
  const bare = version.replace(/^v(?=\d)/, "").replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
  // `1.2.3` is no entry for `1.2.3-rc.1`, nor for `11.2.3`.
  const heading = new RegExp(`^(#{1,6})\\s.*(?<![\\w.+-])v?${bare}(?![\\w+-]|\\.\\d)`, "i");
  const lines = text.split(/\r?\n/);
  const start = lines.findIndex((line) => heading.test(line));
  if (start < 0) return undefined;
  const rank = /^#+/.exec(lines[start] ?? "")?.[0].length ?? 1;
  const rest = lines.slice(start + 1);
  const end = rest.findIndex((line) => new RegExp(`^#{1,${rank}}\\s`).test(line));
  return (end < 0 ? rest : rest.slice(0, end)).join("\n");
}
