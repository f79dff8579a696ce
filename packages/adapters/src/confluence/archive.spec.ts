import type { ArchivedRelease } from "@gonogo/core/archive/port";
import type { Instant } from "@gonogo/core/kit/instant";
import { archivedFile } from "@gonogo/core/testing/archived";
import { afterEach, describe, expect, it } from "vitest";
import { serve } from "../http/serve.testing.ts";
import { ConfluenceShelf } from "./archive.ts";
import type { ConfluenceConfig } from "./client.ts";
import { confluence, type FakeSpace, fakeSpace, PARENT } from "./space.testing.ts";

const NOW = "2026-03-10T02:00:00.000Z" as Instant;
const ARCHIVE: ArchivedRelease = {
  release: "REL-1",
  title: "Orders <1.42>",
  files: [
    archivedFile("release-plan.md", "# Plän\n\n| a |\n|---|\n| b |\n"),
    archivedFile("REL-1.json", '{"a":"é"}', "application/json"),
  ],
};

const closing: (() => void)[] = [];
afterEach(() => {
  for (const close of closing.splice(0)) close();
});

async function shelfOn(space: FakeSpace, more: Partial<ConfluenceConfig> = {}) {
  const { url, close } = await serve(confluence(space));
  closing.push(close);
  return new ConfluenceShelf({
    fetch,
    now: () => NOW,
    site: `${url}/`,
    email: "gonogo@example.com",
    token: "t0ken",
    spaceId: "42",
    parentId: PARENT,
    ...more,
  });
}

describe("a copy in a space", () => {
  it("is a page under its parent, with the digests, the documents, and all files attached", async () => {
    const space = fakeSpace();
    const links = await (await shelfOn(space)).copy(ARCHIVE);
    const page = space.pages[1];
    expect([page?.title, page?.parentId]).toEqual(["Release REL-1", PARENT]);
    for (const { about } of ARCHIVE.files) expect(page?.value).toContain(about.digest);
    expect(page?.value).toContain(
      "<h1>Plän</h1><table><tbody><tr><th>a</th></tr><tr><td>b</td></tr></tbody></table>",
    );
    expect(page?.value).toContain("REL-1, Orders &lt;1.42&gt;, as");
    expect(Object.fromEntries(page?.attached ?? [])).toEqual(
      Object.fromEntries(
        ARCHIVE.files.map(({ about, text }) => [about.name, { text, comment: about.digest }]),
      ),
    );
    expect(links.map(({ url }) => new URL(url).pathname)).toEqual([
      "/wiki/spaces/REL/pages/1001/page",
      "/wiki/download/attachments/1001/release-plan.md",
      "/wiki/download/attachments/1001/REL-1.json",
    ]);
  });

  it.each([
    ["asked for twice", []],
    ["whose page was made and not answered", ["unanswered"]],
    ["whose file was attached and not answered", [undefined, "unanswered"]],
    ["that was broken off before its last file", [undefined, undefined, "away"]],
  ] as const)("%s is there once", async (_, next) => {
    const space = fakeSpace({ next: [...next] as FakeSpace["next"] });
    const shelf = await shelfOn(space);
    if (next.length > 0) await expect(shelf.copy(ARCHIVE)).rejects.toMatchObject({ retryable: true });
    const first = await shelf.copy(ARCHIVE);
    expect(await shelf.copy(ARCHIVE)).toEqual(first);
    expect([space.pages.length, space.pages[1]?.attached.size]).toEqual([2, 2]);
  });

  it("that two make at once is there once", async () => {
    const space = fakeSpace();
    const shelf = await shelfOn(space);
    const [one, other] = await Promise.all([shelf.copy(ARCHIVE), shelf.copy(ARCHIVE)]);
    expect(one).toEqual(other);
    expect([space.pages.length, space.pages[1]?.attached.size]).toEqual([2, 2]);
  });

  it("is never written over another page, nor another file", async () => {
    const space = fakeSpace();
    const shelf = await shelfOn(space);
    await shelf.copy(ARCHIVE);
    const [plan] = ARCHIVE.files;
    if (plan === undefined) throw new Error("no file");
    space.pages[1]?.attached.set(plan.about.name, { text: plan.text, comment: "mine" });
    await expect(shelf.copy(ARCHIVE)).rejects.toMatchObject({
      retryable: false,
      message: expect.stringMatching(/another release-plan\.md attached/),
    });
    const other = { ...ARCHIVE, files: [archivedFile("REL-1.json", "{}", "application/json")] };
    await expect(shelf.copy(other)).rejects.toMatchObject({
      retryable: false,
      message: expect.stringMatching(/a page "Release REL-1" in that space already, with another content/),
    });
    expect(space.pages).toHaveLength(2);
  });

  it.each<[string, Partial<FakeSpace>, Partial<ConfluenceConfig>, boolean, RegExp]>([
    ["Confluence that is away", { next: ["away"] }, {}, true, /answered 503/],
    ["an account that may make no page", { may: [] }, {}, false, /may not make the page/],
    ["an account that may attach nothing", { may: ["page"] }, {}, false, /may not attach files to the page/],
    ["a token that nobody knows", {}, { token: "other" }, false, /does not know the account and token/],
  ])("is refused by %s", async (_, space, more, retryable, message) => {
    await expect((await shelfOn(fakeSpace(space), more)).copy(ARCHIVE)).rejects.toMatchObject({
      retryable,
      message: expect.stringMatching(message),
    });
  });

  it("that is too long to be shown is attached all the same", async () => {
    const space = fakeSpace();
    const long = archivedFile("runbook.md", `${"word ".repeat(200_001)}\n`);
    await (await shelfOn(space)).copy({ ...ARCHIVE, files: [long] });
    expect(space.pages[1]?.value).toContain("runbook.md is too long to be shown");
    expect(space.pages[1]?.attached.get("runbook.md")?.text).toBe(long.text);
  });
});

describe("a look at a space", () => {
  it.each<[string, Partial<FakeSpace>, Partial<ConfluenceConfig>, boolean, RegExp]>([
    ["it may", {}, {}, true, /Releases \(REL\): the account may make pages and attach files/],
    ["it may not attach", { may: ["page"] }, {}, false, /may not create attachment/],
    ["it is archived", { status: "archived" }, {}, false, /is archived/],
    ["there is no such space", {}, { spaceId: "43" }, false, /no such space/],
    ["there is no such parent", {}, { parentId: "78" }, false, /no such page/],
    ["nobody knows it", {}, { email: "other@example.com" }, false, /does not know the account/],
  ])("says when %s, and writes nothing", async (_, space, more, ok, says) => {
    const made = fakeSpace(space);
    expect(await (await shelfOn(made, more)).look()).toEqual({ ok, says: expect.stringMatching(says) });
    expect(made.pages).toHaveLength(1);
  });
});
