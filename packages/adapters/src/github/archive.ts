import { createHash } from "node:crypto";
import type { ArchivedRelease, ArchiveShelf } from "@gonogo/core/archive/port";
import type { CopyLink } from "@gonogo/core/archive/schema";
import { type Digest, shortDigest } from "@gonogo/core/kit/digest";
import { z } from "zod";
import { type Answer, type Call, call, dig, digText, type Outside, OutsideError } from "../http/call.ts";
import { GITHUB, gitHubHeaders } from "./client.ts";

export interface GitHubArchiveConfig extends Outside {
  /** A fine-grained token, or an app's, that may read and write contents of this one repository. */
  readonly token: string;
  /** `owner/name`. */
  readonly repo: string;
  /** Unset: the repository's default branch. */
  readonly branch?: string;
  /** The folder that a release's folder is made in; unset: `releases`. */
  readonly folder?: string;
  readonly baseUrl?: string;
}

const Entry = z.looseObject({ name: z.string(), sha: z.string(), html_url: z.string().nullish() });
type Entry = z.infer<typeof Entry>;
const LONGEST_WORDS = 200;

/**
 * Keeps archives in a repository, a folder a release. A file that is there with the same bytes is done, whoever put
 * it there; one with other bytes is left as it is. Files are told apart by their blob's id, so none is fetched.
 * https://docs.github.com/rest/repos/contents#create-or-update-file-contents
 */
export class GitHubShelf implements ArchiveShelf {
  readonly #config: GitHubArchiveConfig;

  constructor(config: GitHubArchiveConfig) {
    this.#config = config;
  }

  async copy({ release, files }: ArchivedRelease): Promise<readonly CopyLink[]> {
    const { folder = "releases" } = this.#config;
    const at = `${folder}/${release}`;
    let there = await this.#list(at);
    const links: CopyLink[] = [];
    for (const { about, text } of files) {
      const bytes = Buffer.from(text, "utf8");
      const path = `${at}/${about.name}`;
      const put =
        there.find(({ name }) => name === about.name) ?? (await this.#put(path, bytes, about.digest));
      // Somebody else was quicker, or the same was done a moment ago and not answered.
      if (put === undefined) there = await this.#list(at);
      const found = put ?? there.find(({ name }) => name === about.name);
      if (found === undefined) {
        throw new OutsideError(`GitHub did not take ${path}: the branch moved on`, { retryable: true });
      }
      if (found.sha !== blobId(bytes)) {
        throw new OutsideError(
          `${this.#where} has ${path} already, with another content (blob ${found.sha.slice(0, 12)}); nothing is written over: move it away`,
          { retryable: false },
        );
      }
      links.push({ name: about.name, url: found.html_url ?? `${this.#where}/${path}` });
    }
    return links;
  }

  async look(): Promise<{ ok: boolean; says: string }> {
    const { repo } = this.#config;
    const about = await this.#ask("read the repository", `/repos/${segments(repo)}`);
    if (about.status !== 200) return { ok: false, says: whyNot(about) };
    const branch = this.#config.branch ?? digText(about.json, "default_branch") ?? "main";
    const where = `${repo}, branch ${branch}`;
    if (dig(about.json, "archived") === true)
      return { ok: false, says: `${where}: the repository is archived` };
    const found = await this.#ask(
      "read the branch",
      `/repos/${segments(repo)}/branches/${encodeURIComponent(branch)}`,
    );
    if (found.status === 404) return { ok: false, says: `${where}: there is no such branch` };
    if (found.status !== 200) return { ok: false, says: whyNot(found) };
    const push = dig(about.json, "permissions", "push");
    if (push === false)
      return { ok: false, says: `${where}: the token may read it, and may not write to it` };
    const rules = dig(found.json, "protected") === true ? ", which is protected: its rules must let it" : "";
    const may = push === true ? "may write there" : "is let in; GitHub does not say whether it may write";
    return { ok: true, says: `${where}${rules}: the token ${may}` };
  }

  /** What is in a folder, with each file's blob; nothing where the folder is not. */
  async #list(path: string): Promise<readonly Entry[]> {
    const ref = this.#config.branch === undefined ? "" : `?ref=${encodeURIComponent(this.#config.branch)}`;
    const where = `/repos/${segments(this.#config.repo)}/contents/${segments(path)}${ref}`;
    const answer = await this.#ask("list a folder", where);
    if (answer.status === 404) return [];
    if (answer.status !== 200) throw refused(answer);
    const entries = z.array(Entry).safeParse(answer.json);
    if (entries.success) return entries.data;
    throw new OutsideError(`${this.#where} has a file where the folder ${path} should be`, {
      retryable: false,
    });
  }

  /** Undefined where GitHub says that it is there by now, or that the branch moved on. */
  async #put(path: string, bytes: Buffer, digest: Digest): Promise<Entry | undefined> {
    const { repo, branch } = this.#config;
    const answer = await this.#ask("write a file", `/repos/${segments(repo)}/contents/${segments(path)}`, {
      method: "PUT",
      body: {
        message: `Archive ${path.split("/").slice(-2).join("/")} (sha256 ${shortDigest(digest)})`,
        content: bytes.toString("base64"),
        ...(branch === undefined ? {} : { branch }),
      },
    });
    if (answer.status === 201 || answer.status === 200) {
      const entry = Entry.safeParse(dig(answer.json, "content"));
      return entry.success ? entry.data : undefined;
    }
    const isThere =
      answer.status === 422 && /"?sha"? wasn't supplied/i.test(digText(answer.json, "message") ?? "");
    if (answer.status === 409 || isThere) return undefined;
    throw refused(answer);
  }

  get #where(): string {
    const { repo, branch } = this.#config;
    return branch === undefined ? `GitHub ${repo}` : `GitHub ${repo}@${branch}`;
  }

  async #ask(what: string, path: string, more: Pick<Call, "method" | "body"> = {}): Promise<Answer> {
    const { baseUrl = GITHUB, token } = this.#config;
    const answer = await call(this.#config, {
      what: `GitHub, ${what}`,
      url: `${baseUrl.replace(/\/$/, "")}${path}`,
      headers: gitHubHeaders(token),
      ...more,
    });
    const isLimited = answer.status === 403 && answer.headers.get("x-ratelimit-remaining") === "0";
    if (isLimited) throw new OutsideError("GitHub's rate limit is used up", { retryable: true, status: 403 });
    return answer;
  }
}

/** As git names a file's content: SHA-1 over a header and the bytes. https://git-scm.com/book/en/v2/Git-Internals-Git-Objects */
export function blobId(bytes: Uint8Array): string {
  return createHash("sha1").update(`blob ${bytes.byteLength}\0`).update(bytes).digest("hex");
}

function segments(text: string): string {
  return text.split("/").map(encodeURIComponent).join("/");
}

function refused(answer: Answer): OutsideError {
  return new OutsideError(whyNot(answer), { retryable: false, status: answer.status });
}

/** What an answer means to whoever set this up. */
function whyNot({ status, json }: Answer): string {
  const said = digText(json, "message")?.slice(0, LONGEST_WORDS);
  if (status === 401) return "GitHub does not know the token in GONOGO_ARCHIVES";
  if (status === 403) return `the token in GONOGO_ARCHIVES may not do this (${said ?? "403"})`;
  if (status === 404)
    return "GitHub has no such repository or branch, or the token may not see it, or not write to it";
  if (status >= 300 && status < 400) return "the repository has moved; write its new name";
  return `GitHub answered ${status}${said === undefined ? "" : ` (${said})`}`;
}
