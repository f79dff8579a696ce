import { createHash } from "node:crypto";
import { mkdtempSync, readdirSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DeleteObjectCommand, ListObjectVersionsCommand, S3Client } from "@aws-sdk/client-s3";
import { S3Copies } from "@gonogo/adapters/s3/copies";
import { ObjectStoreUnavailable } from "@gonogo/core/evidence/port";
import { digestOfBytes } from "@gonogo/core/kit/digest";
import { minutes } from "@gonogo/core/kit/duration";
import { fromMillis } from "@gonogo/core/kit/instant";
import { describe, expect, it } from "vitest";
import { openStore } from "../kernel/store.ts";
import { fileBlobs } from "./blobs.ts";
import { DAY, NOON, s3World } from "./testing.ts";

const HOST = "https://evidence.s3.us-east-1.amazonaws.com";
const bytes = (text: string) => new TextEncoder().encode(text);
const text = (body: Uint8Array | undefined) => new TextDecoder().decode(body);
const object = (key: string, content: string) =>
  ({ key, body: bytes(content), contentType: "text/plain", ifPresent: "replace" }) as const;

describe("objects", () => {
  it("come back as they were put, with their digest", async () => {
    const { objects } = await s3World();
    const put = await objects.put(object("releases/REL-1/log é+.txt", "all well"));
    expect(put).toEqual({
      key: "releases/REL-1/log é+.txt",
      size: 8,
      contentType: "text/plain",
      digest: digestOfBytes(bytes("all well")),
    });
    expect(await objects.head(put.key)).toEqual(put);
    const got = await objects.get(put.key);
    expect(got?.about).toEqual(put);
    expect(text(got?.body)).toBe("all well");
  });

  it("that are not there are not there", async () => {
    const { objects } = await s3World();
    expect(await objects.head("nothing")).toBeUndefined();
    expect(await objects.get("nothing")).toBeUndefined();
  });

  it("of nothing are objects too", async () => {
    const { objects } = await s3World();
    await objects.put(object("empty", ""));
    expect((await objects.get("empty"))?.body).toHaveLength(0);
  });

  it("are kept as they are where that is asked for", async () => {
    const { objects } = await s3World();
    await objects.put(object("a", "first"));
    const second = await objects.put({ ...object("a", "second"), ifPresent: "keep" });
    expect(second.digest).toBe(digestOfBytes(bytes("first")));
    expect(text((await objects.get("a"))?.body)).toBe("first");
  });

  it("are kept once, however many put them at the same time", async () => {
    const { objects } = await s3World();
    const all = await Promise.all(
      ["a", "b", "c", "d"].map((content) => objects.put({ ...object("k", content), ifPresent: "keep" })),
    );
    expect(new Set(all.map(({ digest }) => digest)).size).toBe(1);
  });

  it("are listed by prefix in the order of their keys, page by page", async () => {
    const { objects } = await s3World();
    for (const key of ["b/2", "a/1", "b/10", "b/1", "c"]) await objects.put(object(key, key));
    const keys: string[] = [];
    let after: string | undefined;
    do {
      const page = await objects.list("b/", { limit: 2, ...(after === undefined ? {} : { after }) });
      keys.push(...page.items.map(({ key }) => key));
      after = page.next;
    } while (after !== undefined);
    expect(keys).toEqual(["b/1", "b/10", "b/2"]);
    expect((await objects.list("", { limit: 10 })).items).toHaveLength(5);
    expect(await objects.list("z", { limit: 10 })).toEqual({ items: [] });
  });

  it("cannot be reached where there is no such bucket, and it is said so", async () => {
    const { kernel, objects } = await s3World();
    kernel.store.table("s3/buckets").delete("evidence");
    for (const ask of [
      () => objects.put(object("a", "a")),
      () => objects.get("a"),
      () => objects.list("", { limit: 1 }),
    ]) {
      await expect(ask()).rejects.toThrow(ObjectStoreUnavailable);
    }
  });
});

describe("versions under a lock", () => {
  const LOCKED = { mode: "compliance", until: fromMillis(NOON + 10 * DAY) } as const;
  const at = `${HOST}/kept`;
  const versionOf = (answer: { headers: Record<string, string> }) => answer.headers["x-amz-version-id"] ?? "";

  it("stay when something is put on top of them, and when they are deleted", async () => {
    const { objects, ask } = await s3World();
    await objects.put({ ...object("kept", "one"), lock: LOCKED });
    const first = versionOf(await ask("HEAD", at));
    await objects.put(object("kept", "two"));
    expect((await ask("DELETE", at)).status).toBe(204);
    expect(await objects.get("kept")).toBeUndefined();
    expect((await objects.list("", { limit: 5 })).items).toEqual([]);
    expect((await ask("GET", `${at}?versionId=${first}`)).text).toBe("one");
  });

  it.each([
    ["compliance", "true", 403],
    ["compliance", "false", 403],
    ["governance", "false", 403],
    ["governance", "true", 204],
  ] as const)("in %s, with bypass %s: %d", async (mode, bypass, status) => {
    const { objects, ask } = await s3World();
    await objects.put({ ...object("kept", "one"), lock: { ...LOCKED, mode } });
    const version = versionOf(await ask("HEAD", at));
    const answer = await ask("DELETE", `${at}?versionId=${version}`, {
      headers: { "x-amz-bypass-governance-retention": bypass },
    });
    expect(answer.status).toBe(status);
    expect((await ask("GET", `${at}?versionId=${version}`)).status).toBe(status === 403 ? 200 : 404);
    if (status === 403) expect(answer.text).toContain("<Code>AccessDenied</Code>");
  });

  it("go when the lock is over", async () => {
    const { objects, ask, clock } = await s3World();
    await objects.put({ ...object("kept", "one"), lock: LOCKED });
    const version = versionOf(await ask("HEAD", at));
    await clock.advance(10 * DAY - 1);
    expect((await ask("DELETE", `${at}?versionId=${version}`)).status).toBe(403);
    await clock.advance(1);
    expect((await ask("DELETE", `${at}?versionId=${version}`)).status).toBe(204);
    expect(await objects.get("kept")).toBeUndefined();
  });

  it("get the bucket's lock where they bring none", async () => {
    const { objects, ask } = await s3World({ lockDays: 400 });
    await objects.put(object("kept", "one"));
    expect((await ask("HEAD", at)).headers).toMatchObject({
      "x-amz-object-lock-mode": "GOVERNANCE",
      "x-amz-object-lock-retain-until-date": new Date(NOON + 400 * DAY).toISOString(),
    });
  });

  it.each([
    [{ "x-amz-object-lock-mode": "COMPLIANCE" }, "must both be supplied"],
    [
      {
        "x-amz-object-lock-mode": "COMPLIANCE",
        "x-amz-object-lock-retain-until-date": "2020-01-01T00:00:00Z",
      },
      "must be in the future",
    ],
    [
      { "x-amz-object-lock-mode": "ETERNAL", "x-amz-object-lock-retain-until-date": "2030-01-01T00:00:00Z" },
      "Unknown wormMode",
    ],
    [
      {
        "x-amz-object-lock-mode": "COMPLIANCE",
        "x-amz-object-lock-retain-until-date": "2030-01-01T00:00:00Z",
        "x-amz-checksum-sha256": "",
      },
      "Value for x-amz-checksum-sha256",
    ],
  ])("are refused where the lock makes no sense: %j", async (headers, said) => {
    const { ask } = await s3World();
    const sum = Buffer.from(digestOfBytes(bytes("x")).slice(7), "hex").toString("base64");
    const answer = await ask("PUT", at, {
      body: "x",
      headers: { "x-amz-checksum-sha256": sum, ...headers },
    });
    expect(answer.status).toBe(400);
    expect(answer.text).toContain(said);
    expect((await ask("HEAD", at)).status).toBe(404);
  });

  it("are said to be had: the bucket's lock, and its versions", async () => {
    const { ask } = await s3World({ lockDays: 400 });
    const lock = await ask("GET", `${HOST}/?object-lock`);
    expect(lock.text).toContain("<Mode>GOVERNANCE</Mode><Days>400</Days>");
    expect((await ask("GET", `${HOST}/?versioning`)).text).toContain("<Status>Enabled</Status>");
  });

  it("need a checksum", async () => {
    const { ask } = await s3World({ lockDays: 1 });
    const answer = await ask("PUT", at, { body: "x" });
    expect(answer.status).toBe(400);
    expect(answer.text).toContain("Content-MD5 OR x-amz-checksum-");
  });
});

describe("what is not what it says it is", () => {
  it.each([
    [{ "x-amz-checksum-sha256": Buffer.alloc(32).toString("base64") }, "BadDigest"],
    [{ "x-amz-checksum-crc32": Buffer.alloc(4).toString("base64") }, "BadDigest"],
    [{ "content-md5": Buffer.alloc(16).toString("base64") }, "BadDigest"],
    [{ "content-md5": "short" }, "InvalidDigest"],
    [{ "content-length": "99" }, "IncompleteBody"],
    [{ "x-amz-content-sha256": "0".repeat(64) }, "XAmzContentSHA256Mismatch"],
    [{ "x-amz-content-sha256": "STREAMING-UNSIGNED-PAYLOAD-TRAILER" }, "NotImplemented"],
    [{ "x-amz-acl": "public-read" }, "NotImplemented"],
    [{ "x-amz-tagging": "a=b" }, "NotImplemented"],
    [{ "x-amz-server-side-encryption": "aws:kms" }, "NotImplemented"],
    [{ "x-amz-checksum-crc64nvme": "AAAA" }, "NotImplemented"],
    [{ "if-match": '"etag"' }, "NotImplemented"],
  ])("%j is refused by name", async (headers, code) => {
    const { ask } = await s3World();
    const answer = await ask("PUT", `${HOST}/a`, { body: "hello", headers });
    expect(answer.text).toContain(`<Code>${code}</Code>`);
    expect((await ask("GET", `${HOST}/a`)).status).toBe(404);
  });

  it.each([
    ["GET", "/a?acl", "GET object?acl"],
    ["PUT", "/a?retention", "PUT object?retention"],
    ["PUT", "/a?legal-hold", "PUT object?legal-hold"],
    ["POST", "/a?uploads", "POST object?uploads"],
    ["PUT", "/a?partNumber=1&uploadId=2", "?partNumber"],
    ["DELETE", "/", "DELETE bucket"],
    ["PUT", "/?object-lock", "PUT bucket?object-lock"],
    ["GET", "/", "list-type=2"],
  ])("%s %s is not served, and it is said what", async (method, path, said) => {
    const { ask } = await s3World();
    const answer = await ask(method, `${HOST}${path}`);
    expect(answer.status).toBe(501);
    expect(answer.text).toContain(said);
  });
});

describe("presigned requests", () => {
  const body = "the evidence";
  const wanted = {
    key: "releases/REL-1/a (1)'s.txt",
    size: 12,
    digest: digestOfBytes(bytes(body)),
    contentType: "text/plain",
    expiresIn: minutes(15),
  };

  it("put what they were signed for, and get it as an attachment", async () => {
    const { objects, ask } = await s3World({ lockDays: 400 });
    const { method, url, headers } = await objects.uploadUrl(wanted);
    const put = await ask(method, url, { headers: { ...headers, "content-length": "12" }, body });
    expect(put.text).toBe("");
    expect(put.status).toBe(200);
    expect(await objects.head(wanted.key)).toMatchObject({
      digest: wanted.digest,
      contentType: "text/plain",
    });
    const down = await objects.downloadUrl({ ...wanted, fileName: "Prüfung (1).txt" });
    const got = await ask("GET", down.url);
    expect(got).toMatchObject({
      status: 200,
      text: body,
      headers: {
        "content-type": "text/plain",
        "cache-control": "private, no-store",
        "content-disposition": `attachment; filename="Pr_fung (1).txt"; filename*=UTF-8''Pr%C3%BCfung%20%281%29.txt`,
      },
    });
  });

  it.each([
    ["other content", { body: "the EVIDENCE" }, "BadDigest"],
    ["another size", { body: "short", headers: { "content-length": "5" } }, "SignatureDoesNotMatch"],
    ["another type", { headers: { "content-type": "text/html" } }, "SignatureDoesNotMatch"],
    ["another checksum", { headers: { "x-amz-checksum-sha256": "AAAA" } }, "SignatureDoesNotMatch"],
    ["a header more", { headers: { "x-amz-meta-a": "b" } }, "not signed"],
    ["another key", { url: (url: string) => url.replace("REL-1", "REL-2") }, "SignatureDoesNotMatch"],
    ["another method", { method: "DELETE" }, "SignatureDoesNotMatch"],
    [
      "a longer life",
      { url: (url: string) => url.replace("Expires=900", "Expires=9000") },
      "SignatureDoesNotMatch",
    ],
    [
      "somebody else's key",
      { url: (url: string) => url.replace("Credential=embedded", "Credential=stranger") },
      "InvalidAccessKeyId",
    ],
    ["the older one", { url: () => `${HOST}/a?AWSAccessKeyId=embedded&Signature=x` }, "AWS4-HMAC-SHA256"],
    [
      "no signature",
      { url: (url: string) => url.replace(/Signature=\w+/, "Signature=") },
      "SignatureDoesNot",
    ],
  ] as const)("with %s are refused", async (_, change, said) => {
    const { objects, ask } = await s3World();
    const upload = await objects.uploadUrl(wanted);
    const changes = change as {
      body?: string;
      headers?: Record<string, string>;
      url?: (u: string) => string;
      method?: string;
    };
    const answer = await ask(changes.method ?? "PUT", (changes.url ?? ((url) => url))(upload.url), {
      headers: { ...upload.headers, "content-length": "12", ...changes.headers },
      body: changes.body ?? body,
    });
    expect(answer.status).toBeGreaterThanOrEqual(400);
    expect(answer.text).toContain(said);
    expect((await objects.list("", { limit: 5 })).items).toEqual([]);
  });

  it("expire", async () => {
    const { objects, ask, clock } = await s3World();
    await objects.put(object("a", "a"));
    const { url } = await objects.downloadUrl({
      key: "a",
      contentType: "text/plain",
      fileName: "a",
      expiresIn: minutes(5),
    });
    await clock.advance(299_000);
    expect((await ask("GET", url)).status).toBe(200);
    await clock.advance(1_000);
    const late = await ask("GET", url);
    expect(late.status).toBe(403);
    expect(late.text).toContain("Request has expired");
  });
});

describe("on disk", () => {
  it("everything is there when the engine is opened again, and nothing that was only begun", async () => {
    const directory = mkdtempSync(join(tmpdir(), "gonogo-s3-"));
    const open = async () => {
      const store = openStore(join(directory, "engine.sqlite"));
      return { store, ...(await s3World({ store, blobs: fileBlobs(join(directory, "objects")) })) };
    };
    const first = await open();
    await first.objects.put({
      ...object("kept", "one"),
      lock: { mode: "compliance", until: fromMillis(NOON + DAY) },
    });
    await first.objects.put(object("kept", "two"));
    const version = (await first.ask("HEAD", `${HOST}/kept`)).headers["x-amz-version-id"];
    first.store.close();
    writeFileSync(join(directory, "objects/begun/half"), "ha");
    const second = await open();
    expect(text((await second.objects.get("kept"))?.body)).toBe("two");
    expect((await second.ask("GET", `${HOST}/kept?versionId=${version}`)).text).toBe("two");
    expect(readdirSync(join(directory, "objects/begun"))).toEqual([]);
    second.store.close();
  });
});

describe("versions", () => {
  it("are listed with what hides them, over pages, whatever is newest", async () => {
    const { objects, aws, bucket } = await s3World();
    for (const content of ["1", "2"]) await objects.put(object("a/1", content));
    for (let n = 0; n < 5; n++) await objects.put(object("a/2", String(n)));
    await objects.put(object("b", "other"));
    const client = new S3Client(aws);
    await client.send(new DeleteObjectCommand({ Bucket: bucket, Key: "a/1" }));
    const md5 = (content: string) => createHash("md5").update(content).digest("hex");
    const two = ["4", "3", "2", "1", "0"].map((content) => ({ key: "a/2", md5: md5(content) }));
    const copies = new S3Copies(aws, { bucket, prefix: "a/" });
    expect(await copies.versions()).toEqual([
      { key: "a/1", md5: md5("2") },
      { key: "a/1", md5: md5("1") },
      ...two,
    ]);
    expect(await copies.versions("a/1")).toEqual(two);
    expect(await copies.versions("a/2")).toEqual([]);
    const page = new ListObjectVersionsCommand({ Bucket: bucket, Prefix: "a/", MaxKeys: 4 });
    const {
      Versions = [],
      DeleteMarkers,
      IsTruncated,
      NextKeyMarker,
      NextVersionIdMarker,
    } = await client.send(page);
    expect([Versions.length, DeleteMarkers?.length, IsTruncated, NextKeyMarker]).toEqual([3, 1, true, "a/2"]);
    const rest = await client.send(
      new ListObjectVersionsCommand({
        Bucket: bucket,
        Prefix: "a/",
        KeyMarker: NextKeyMarker,
        VersionIdMarker: NextVersionIdMarker,
      }),
    );
    expect(rest.Versions?.map(({ ETag }) => ETag)).toEqual(two.slice(1).map((one) => `"${one.md5}"`));
    await expect(new S3Copies(aws, { bucket: "nowhere", prefix: "" }).versions()).rejects.toThrow(
      ObjectStoreUnavailable,
    );
  });
});
