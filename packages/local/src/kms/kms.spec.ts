import { createHash } from "node:crypto";
import { mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { GetPublicKeyCommand, KMSClient, SignCommand } from "@aws-sdk/client-kms";
import { KmsSigner } from "@gonogo/adapters/kms/index";
import { LocalSigner } from "@gonogo/adapters/kms/local";
import { fromPem, isSigned, toPem } from "@gonogo/core/audit/signature";
import fc from "fast-check";
import { afterAll, describe, expect, it } from "vitest";
import { VirtualClock } from "../kernel/clock.ts";
import { inProcessHandler } from "../kernel/in-process.ts";
import { Kernel } from "../kernel/kernel.ts";
import { seededRandom } from "../kernel/random.ts";
import { memoryStore } from "../kernel/store.ts";
import { signDigest } from "./ecdsa.ts";
import { createKms, oneKey } from "./index.ts";
import { KEY_FILE, KeyFiles, VIRTUAL_KEY } from "./key-file.ts";

const ALIAS = "arn:aws:kms:us-east-1:123456789012:alias/gonogo-audit";
const bytes = (text: string) => new TextEncoder().encode(text);

function aws(secret = VIRTUAL_KEY) {
  const kernel = new Kernel({
    clock: new VirtualClock(0, async () => {}),
    store: memoryStore(),
    random: seededRandom(1),
  });
  kernel.register(createKms(oneKey(secret)).service);
  return {
    region: "us-east-1",
    credentials: { accessKeyId: "x", secretAccessKey: "x" },
    requestHandler: inProcessHandler(kernel),
    maxAttempts: 1,
  };
}

describe("signing a digest", () => {
  it("gives the signatures of RFC 6979, A.2.5", () => {
    const secret = 0xc9afa9d845ba75166b5c215767b1d6934e50c3db36e89b127b8a622b120f6721n;
    const hex = (message: string) =>
      Buffer.from(signDigest(secret, createHash("sha256").update(message).digest())).toString("hex");
    expect(hex("sample")).toBe(
      "3046022100efd48b2aacb6a8fd1140dd9cd45e81d69d2c877b56aaf991c34d0ea84eaf3716022100f7cb1c942d657c41d436c7a1b6e29f65f3e900dbb9aff4064dc4ab2f843acda8",
    );
    expect(hex("test")).toBe(
      "3045022100f1abb023518351cd71d881567b1ea663ed3efcf6c5132b354f28d3b0b7d383670220019f4113742a2b14bd25926b49c649155f267e60d3814b4c0cc84250e46f0083",
    );
  });
});

describe("the engine's KMS", () => {
  it("signs, by the same adapter as on AWS, what holds for its public key and for no other message", async () => {
    const signer = new KmsSigner(aws(), ALIAS);
    const key = await signer.publicKey();
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 9_000 }), async (message) => {
        const signature = await signer.sign(message);
        expect(await isSigned(key, message, signature)).toBe(true);
        expect(await isSigned(key, Uint8Array.of(...message, 0), signature)).toBe(false);
      }),
      { numRuns: 25 },
    );
  });

  it("signs a short message that is not hashed yet", async () => {
    const client = new KMSClient(aws());
    const { Signature = new Uint8Array() } = await client.send(
      new SignCommand({ KeyId: ALIAS, Message: bytes("hello"), SigningAlgorithm: "ECDSA_SHA_256" }),
    );
    const { PublicKey = new Uint8Array(), KeyUsage } = await client.send(
      new GetPublicKeyCommand({ KeyId: ALIAS }),
    );
    expect(KeyUsage).toBe("SIGN_VERIFY");
    expect(await isSigned(new Uint8Array(PublicKey), bytes("hello"), Signature)).toBe(true);
  });

  it.each([
    ["another key", { KeyId: "alias/other" }, "NotFoundException"],
    ["another algorithm", { SigningAlgorithm: "ECDSA_SHA_384" }, "ValidationException"],
    ["a digest of another length", { MessageType: "DIGEST" }, "ValidationException"],
    ["a message that is too long", { Message: new Uint8Array(4097) }, "ValidationException"],
    ["what it does not serve", { DryRun: true }, "ValidationException"],
  ])("refuses %s by name", async (_, change, name) => {
    const input = { KeyId: ALIAS, Message: bytes("x"), SigningAlgorithm: "ECDSA_SHA_256", ...change };
    await expect(new KMSClient(aws()).send(new SignCommand(input as never))).rejects.toMatchObject({ name });
  });
});

describe("the key in the data directory", () => {
  const directory = mkdtempSync(join(tmpdir(), "gonogo-key-"));
  afterAll(() => rmSync(directory, { recursive: true }));

  it("is made once, for its owner alone, and is the same at the next start", async () => {
    const secret = new KeyFiles(directory).now();
    expect(statSync(join(directory, KEY_FILE)).mode & 0o777).toBe(0o600);
    expect(new KeyFiles(directory).now()).toBe(secret);
    const one = await new KmsSigner(aws(secret), ALIAS).publicKey();
    expect(one).not.toEqual(await new KmsSigner(aws(), ALIAS).publicKey());
    expect(fromPem(toPem(one))).toEqual(one);
  });

  it("is not made anew where it cannot be read", () => {
    writeFileSync(join(directory, KEY_FILE), "-----BEGIN PRIVATE KEY-----\nno\n-----END PRIVATE KEY-----\n");
    expect(() => new KeyFiles(directory)).toThrow("put the right one back");
  });
});

describe("a signature", () => {
  it("by a key of one's own has the same form, and any bit of it that is changed makes it none", async () => {
    const signer = LocalSigner.generate();
    const key = await signer.publicKey();
    const message = bytes("a checkpoint");
    const signature = await signer.sign(message);
    expect(await isSigned(key, message, signature)).toBe(true);
    expect(await isSigned(await LocalSigner.generate().publicKey(), message, signature)).toBe(false);
    for (let bit = 0; bit < signature.length * 8; bit++) {
      const at = Math.floor(bit / 8);
      const changed = signature.with(at, (signature[at] ?? 0) ^ (1 << (bit % 8)));
      expect(await isSigned(key, message, changed), `bit ${bit}`).toBe(false);
    }
    for (const cut of [0, 1, 8, signature.length - 1]) {
      expect(await isSigned(key, message, signature.slice(0, cut))).toBe(false);
    }
  });
});
