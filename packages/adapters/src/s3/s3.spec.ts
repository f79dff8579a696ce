import { ObjectStoreUnavailable } from "@gonogo/core/evidence/port";
import { digestOfBytes } from "@gonogo/core/kit/digest";
import { minutes } from "@gonogo/core/kit/duration";
import type { Instant } from "@gonogo/core/kit/instant";
import { describe, expect, it } from "vitest";
import { base64Of, digestIn } from "./checksum.ts";
import { attachment } from "./disposition.ts";
import { S3Objects } from "./index.ts";

/** "abc", as FIPS 180-4 has it. */
const ABC = "sha256:ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

describe("checksums", () => {
  it("are digests in another spelling", () => {
    const digest = digestOfBytes(new TextEncoder().encode("abc"));
    expect(digest).toBe(ABC);
    expect(base64Of(digest)).toBe("ungWv48Bz+pBQUDeXa4iI7ADYaOWF3qctBD/YfIAFa0=");
    expect(digestIn("ungWv48Bz+pBQUDeXa4iI7ADYaOWF3qctBD/YfIAFa0=")).toBe(ABC);
  });

  it("of parts are digests of nothing", () => {
    expect(digestIn("ungWv48Bz+pBQUDeXa4iI7ADYaOWF3qctBD/YfIAFa0=-3")).toBeUndefined();
    expect(digestIn(undefined)).toBeUndefined();
  });
});

describe("names of files", () => {
  it.each([
    ["report.pdf", `attachment; filename="report.pdf"; filename*=UTF-8''report.pdf`],
    ['a"b\r\n.txt', `attachment; filename="a_b__.txt"; filename*=UTF-8''a%22b%0D%0A.txt`],
    ["Prüfung's.txt", `attachment; filename="Pr_fung_s.txt"; filename*=UTF-8''Pr%C3%BCfung%27s.txt`],
  ])("%j leaves no header open", (name, header) => {
    expect(attachment(name)).toBe(header);
  });
});

describe("a bucket", () => {
  const config = (handle: () => Promise<never>) => ({
    region: "eu-west-1",
    credentials: { accessKeyId: "a", secretAccessKey: "b" },
    requestHandler: { handle, updateHttpClientConfig() {}, httpHandlerConfigs: () => ({}), destroy() {} },
    maxAttempts: 1,
  });
  const now = () => "2026-05-05T10:00:00.000Z" as Instant;

  it("that cannot be reached is said to be away, and not that nothing is there", async () => {
    const objects = new S3Objects(
      config(async () => {
        throw Object.assign(new Error("connect ECONNREFUSED"), { name: "Refused" });
      }),
      { bucket: "evidence", now },
    );
    await expect(objects.head("a")).rejects.toThrow(ObjectStoreUnavailable);
    await expect(objects.get("a")).rejects.toThrow("the evidence cannot be reached (Refused)");
  });

  it("signs an upload's key, size, type and content, and asks nobody for it", async () => {
    const objects = new S3Objects(
      config(async () => {
        throw new Error("asked");
      }),
      { bucket: "evidence", now },
    );
    const { url, headers, expiresAt } = await objects.uploadUrl({
      key: "k",
      size: 3,
      digest: ABC as never,
      contentType: "text/plain",
      expiresIn: minutes(15),
    });
    expect(new URL(url).searchParams.get("X-Amz-SignedHeaders")).toBe(
      "content-length;content-type;host;x-amz-checksum-sha256",
    );
    expect(new URL(url).searchParams.get("X-Amz-Date")).toBe("20260505T100000Z");
    expect(headers).toEqual({
      "content-type": "text/plain",
      "x-amz-checksum-sha256": "ungWv48Bz+pBQUDeXa4iI7ADYaOWF3qctBD/YfIAFa0=",
    });
    expect(expiresAt).toBe("2026-05-05T10:15:00.000Z");
  });
});
