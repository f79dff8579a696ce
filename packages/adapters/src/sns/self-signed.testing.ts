import { generateKeyPairSync, type KeyObject, sign } from "node:crypto";

export interface KeyPair {
  readonly privateKey: KeyObject;
  readonly publicKey: KeyObject;
}

export function newKeys(): KeyPair {
  return generateKeyPairSync("rsa", { modulusLength: 2048 });
}

/** One DER value: its tag, its length, its contents. */
function der(tag: number, ...contents: Uint8Array[]): Buffer {
  const body = Buffer.concat(contents);
  const { length } = body;
  const size = length < 128 ? [length] : length < 256 ? [0x81, length] : [0x82, length >> 8, length & 0xff];
  return Buffer.concat([Buffer.from([tag, ...size]), body]);
}

const sequence = (...contents: Uint8Array[]) => der(0x30, ...contents);
const SHA256_WITH_RSA = sequence(der(0x06, Buffer.from("2a864886f70d01010b", "hex")), der(0x05));
const COMMON_NAME = der(0x06, Buffer.from("550403", "hex"));

function utcTime(date: string): Buffer {
  return der(0x17, Buffer.from(`${date.replace(/[-:T]/g, "").slice(2, 14)}Z`, "ascii"));
}

/** A certificate that signs itself, as the signing certificates of SNS look (RFC 5280 4.1). */
export function selfSigned(
  commonName = "sns.amazonaws.com",
  from = "2026-01-01T00:00:00",
  to = "2027-01-01T00:00:00",
  keys: KeyPair = newKeys(),
): { pem: string; key: KeyObject } {
  const { privateKey, publicKey } = keys;
  const name = sequence(der(0x31, sequence(COMMON_NAME, der(0x0c, Buffer.from(commonName, "utf8")))));
  const signed = sequence(
    der(0x02, Buffer.from([1])),
    SHA256_WITH_RSA,
    name,
    sequence(utcTime(from), utcTime(to)),
    name,
    publicKey.export({ type: "spki", format: "der" }),
  );
  const signature = der(0x03, Buffer.from([0]), sign("RSA-SHA256", signed, privateKey));
  const base64 = sequence(signed, SHA256_WITH_RSA, signature).toString("base64");
  const lines = base64.match(/.{1,64}/g) ?? [];
  const pem = ["-----BEGIN CERTIFICATE-----", ...lines, "-----END CERTIFICATE-----", ""].join("\n");
  return { pem, key: privateKey };
}
