import type { ArchivedRelease } from "@gonogo/core/archive/port";
import type { Instant } from "@gonogo/core/kit/instant";
import { archivedFile } from "@gonogo/core/testing/archived";
import { afterEach, describe, expect, it } from "vitest";
import { serve } from "../http/serve.testing.ts";
import { blobId, GitHubShelf } from "./archive.ts";
import { type FakeRepository, fakeRepository, gitHub } from "./repository.testing.ts";

const NOW = "2026-03-10T02:00:00.000Z" as Instant;
const ARCHIVE: ArchivedRelease = {
  release: "REL-1",
  title: "Orders",
  files: [
    archivedFile("runbook.md", "# Rünbook\n"),
    archivedFile("REL-1.json", '{"a":"é"}', "application/json"),
  ],
};
const JSON_PATH = "releases/REL-1/REL-1.json";

const closing: (() => void)[] = [];
afterEach(() => {
  for (const close of closing.splice(0)) close();
});

type Wish = { readonly branch?: string; readonly token?: string; readonly repo?: string };

async function shelfOn(repository: FakeRepository, more: Wish = {}) {
  const { url, close } = await serve(gitHub(repository));
  closing.push(close);
  const { name: repo } = repository;
  return new GitHubShelf({ fetch, now: () => NOW, token: "t0ken", repo, baseUrl: url, ...more });
}

describe("a copy in a repository", () => {
  it("is a folder of the release, a commit a file, with its links", async () => {
    const repository = fakeRepository();
    const links = await (await shelfOn(repository)).copy(ARCHIVE);
    expect([...repository.files].map(([path, bytes]) => [path, bytes.toString("utf8")])).toEqual([
      ["releases/REL-1/runbook.md", "# Rünbook\n"],
      [JSON_PATH, '{"a":"é"}'],
    ]);
    expect(links.map(({ url }) => url)).toContain(
      `https://github.com/example/releases/blob/main/${JSON_PATH}`,
    );
    expect(repository.commits[0]).toMatch(/^Archive REL-1\/runbook\.md \(sha256 [0-9a-f]{12}\)$/);
  });

  it("is made once, however often it is asked for", async () => {
    const repository = fakeRepository();
    const shelf = await shelfOn(repository);
    const first = await shelf.copy(ARCHIVE);
    expect(await shelf.copy(ARCHIVE)).toEqual(first);
    expect(repository.commits).toHaveLength(2);
  });

  it("that was made and not answered is found, and gone on with", async () => {
    const repository = fakeRepository({ next: ["unanswered"] });
    const shelf = await shelfOn(repository);
    await expect(shelf.copy(ARCHIVE)).rejects.toMatchObject({ retryable: true });
    expect(repository.commits).toHaveLength(1);
    expect(await shelf.copy(ARCHIVE)).toHaveLength(2);
    expect(repository.commits).toHaveLength(2);
  });

  it("that two make at once is made once", async () => {
    const repository = fakeRepository();
    const shelf = await shelfOn(repository);
    const [one, other] = await Promise.all([shelf.copy(ARCHIVE), shelf.copy(ARCHIVE)]);
    expect(one).toEqual(other);
    expect(repository.commits).toHaveLength(2);
  });

  it("is never written over another", async () => {
    const repository = fakeRepository({ files: new Map([[JSON_PATH, Buffer.from("another")]]) });
    await expect((await shelfOn(repository)).copy(ARCHIVE)).rejects.toMatchObject({
      retryable: false,
      message: expect.stringMatching(/has releases\/REL-1\/REL-1\.json already, with another content/),
    });
    expect(repository.files.get(JSON_PATH)?.toString()).toBe("another");
  });

  it.each<[string, Partial<FakeRepository>, Wish, boolean, RegExp]>([
    ["a branch that moved on", { next: ["moved-on"] }, {}, true, /the branch moved on/],
    ["a limit that is used up", { next: ["limited"] }, {}, true, /rate limit/],
    ["a token that may only read", { push: false }, {}, false, /may not do this \(Resource not accessible/],
    ["a token that nobody knows", {}, { token: "other" }, false, /does not know the token/],
    ["a branch that is not there", {}, { branch: "gone" }, false, /no such repository or branch/],
    ["a repository that is not there", {}, { repo: "example/none" }, false, /no such repository/],
  ])("is refused by %s", async (_, repository, more, retryable, message) => {
    await expect((await shelfOn(fakeRepository(repository), more)).copy(ARCHIVE)).rejects.toMatchObject({
      retryable,
      message: expect.stringMatching(message),
    });
  });

  it("names a file's content as git does", () => {
    // `printf 'what is up, doc?' | git hash-object --stdin`, from the Git book's chapter on objects.
    expect(blobId(Buffer.from("what is up, doc?"))).toBe("bd9dbf5aae1a3862dd1526723246b20206e5fc37");
  });
});

describe("a look at a repository", () => {
  it.each<[string, Partial<FakeRepository>, Wish, boolean, RegExp]>([
    ["may write", {}, {}, true, /example\/releases, branch main: the token may write there/],
    ["is not told", { push: undefined }, {}, true, /does not say whether it may write/],
    ["may only read", { push: false }, {}, false, /may not write to it/],
    ["is too late", { archived: true }, {}, false, /is archived/],
    ["has no such branch", {}, { branch: "gone" }, false, /no such branch/],
    ["is not known", {}, { token: "other" }, false, /does not know the token/],
  ])("says when it %s, and writes nothing", async (_, repository, more, ok, says) => {
    const made = fakeRepository(repository);
    const found = await (await shelfOn(made, more)).look();
    expect(found).toEqual({ ok, says: expect.stringMatching(says) });
    expect([made.files.size, made.commits]).toEqual([0, []]);
  });
});
