import type { ArchivedRelease, ArchiveShelf } from "@gonogo/core/archive/port";
import type { CopyLink } from "@gonogo/core/archive/schema";
import { dig, digText, OutsideError } from "../http/call.ts";
import { attach } from "./attach.ts";
import { askConfluence, type ConfluenceConfig, listed, refused, saidBy, whyNot } from "./client.ts";
import { escaped, toStorage } from "./storage.ts";

/** Longer documents are attached and not shown. */
const LONGEST_SHOWN = 1_000_000;

interface Page {
  readonly id: string;
  readonly url: string;
}

/**
 * Keeps archives in a space of Confluence Cloud, a page a release with its files attached. The page tells the digests
 * of what was archived; one of the same title that does not is somebody else's, and is left as it is.
 * https://developer.atlassian.com/cloud/confluence/rest/v2/api-group-page/
 */
export class ConfluenceShelf implements ArchiveShelf {
  readonly #config: ConfluenceConfig;

  constructor(config: ConfluenceConfig) {
    this.#config = config;
  }

  async copy(archive: ArchivedRelease): Promise<readonly CopyLink[]> {
    const title = `Release ${archive.release}`;
    const page = (await this.#find(title, archive)) ?? (await this.#create(title, archive));
    const links: CopyLink[] = [{ name: title, url: page.url }];
    for (const { about, text } of archive.files) {
      const url = await attach(this.#config, page.id, about, text);
      links.push({ name: about.name, url: url ?? page.url });
    }
    return links;
  }

  async look(): Promise<{ ok: boolean; says: string }> {
    const { spaceId, parentId } = this.#config;
    const id = encodeURIComponent(spaceId);
    const space = await askConfluence(this.#config, "read the space", `/api/v2/spaces/${id}`);
    if (space.status !== 200) return { ok: false, says: whyNot(space, "read the space") };
    const where = `the space ${digText(space.json, "name") ?? spaceId} (${digText(space.json, "key") ?? "?"})`;
    if (digText(space.json, "status") === "archived") return { ok: false, says: `${where} is archived` };
    if (parentId !== undefined) {
      const parent = await askConfluence(
        this.#config,
        "read the parent",
        `/api/v2/pages/${encodeURIComponent(parentId)}`,
      );
      if (parent.status !== 200) return { ok: false, says: whyNot(parent, "read the parent page") };
      if (digText(parent.json, "spaceId") !== spaceId) {
        return { ok: false, says: `the page ${parentId}, under which releases are put, is not in ${where}` };
      }
    }
    const asked = await askConfluence(
      this.#config,
      "read what may be done",
      `/api/v2/spaces/${id}/operations`,
    );
    if (asked.status !== 200) return { ok: false, says: whyNot(asked, "read the operations of the space") };
    const may = operations(asked.json);
    const missing = ["page", "attachment"].filter((type) => !may.includes(`create ${type}`));
    if (missing.length === 0)
      return { ok: true, says: `${where}: the account may make pages and attach files` };
    return { ok: false, says: `${where}: the account may not create ${missing.join(" and ")}` };
  }

  /** The page of this very archive; undefined where there is none. Throws where another has its title. */
  async #find(title: string, archive: ArchivedRelease): Promise<Page | undefined> {
    const query = new URLSearchParams({
      "space-id": this.#config.spaceId,
      title,
      "body-format": "storage",
    });
    // An archived page still has its title.
    const states = "&status=current&status=archived";
    const answer = await askConfluence(this.#config, "look for the page", `/api/v2/pages?${query}${states}`);
    if (answer.status !== 200) throw refused(answer, "look for the page");
    const [found] = listed(answer);
    if (found === undefined) return undefined;
    const body = digText(found, "body", "storage", "value") ?? "";
    if (archive.files.every(({ about }) => body.includes(about.digest))) return this.#page(found);
    throw new OutsideError(
      `Confluence has a page "${title}" in that space already, with another content; nothing is written over: rename it`,
      { retryable: false },
    );
  }

  async #create(title: string, archive: ArchivedRelease): Promise<Page> {
    const { spaceId, parentId } = this.#config;
    const answer = await askConfluence(this.#config, "make the page", "/api/v2/pages", {
      method: "POST",
      body: {
        spaceId,
        status: "current",
        title,
        ...(parentId === undefined ? {} : { parentId }),
        body: { representation: "storage", value: pageOf(archive) },
      },
    });
    if (answer.status === 200 || answer.status === 201) return this.#page(answer.json);
    const isThere = answer.status === 409 || /title already exists/i.test(saidBy(answer) ?? "");
    const found = isThere ? await this.#find(title, archive) : undefined;
    if (found === undefined) throw refused(answer, "make the page");
    return found;
  }

  #page(json: unknown): Page {
    const id = digText(json, "id");
    const path = digText(json, "_links", "webui") ?? "";
    if (id === undefined || !/^\d+$/.test(id)) {
      throw new OutsideError("Confluence's answer is not as documented: a page without its id", {
        retryable: false,
      });
    }
    const site = this.#config.site.replace(/\/$/, "");
    return { id, url: `${site}/wiki${path.startsWith("/") ? path : `/pages/${id}`}` };
  }
}

/** What the page shows: what was archived, with digests, and the documents themselves. */
export function pageOf({ release, title, files }: ArchivedRelease): string {
  const rows = files.map(
    ({ about }) =>
      `<tr><td>${escaped(about.name)}</td><td>${about.size}</td><td><code>${escaped(about.digest)}</code></td></tr>`,
  );
  const shown = files
    .filter(({ about }) => about.contentType === "text/markdown")
    .map(({ about, text }) => {
      if (text.length <= LONGEST_SHOWN) return toStorage(text);
      return `<p>${escaped(about.name)} is too long to be shown; it is attached.</p>`;
    });
  return [
    `<p>The archive of ${escaped(release)}, ${escaped(title)}, as gonogo closed it. The files are attached; what counts is the evidence bucket.</p>`,
    `<table><tbody><tr><th>File</th><th>Bytes</th><th>Digest</th></tr>${rows.join("")}</tbody></table>`,
    ...shown,
  ].join("");
}

function operations(json: unknown): string[] {
  const all = dig(json, "operations");
  if (!Array.isArray(all)) return [];
  return all.map((one) => `${digText(one, "operation")} ${digText(one, "targetType")}`);
}
