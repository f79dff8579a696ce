import { generateKeyPairSync, type KeyObject, sign } from "node:crypto";

/** One DER value: its tag, its length, its contents. */
function der(tag: number, ...contents: Uint8Array[]): Buffer {
  const body = Buffer.concat(contents);
  const { length } = body;
  const size = length < 128 ? [length] : length < 256 ? [0x81, length] : [0x82, length >> 8, length & 0xff];
  return Buffer.concat([Buffer.from([tag, ...size]), body]);
}

const sequence = (...contents: Uint8Array[]) => der(0x30, ...contents);
const oid = (hex: string) => der(0x06, Buffer.from(hex, "hex"));
const ECDSA_WITH_SHA256 = sequence(oid("2a8648ce3d040302"));

function time(at: string): Buffer {
  return der(0x18, Buffer.from(`${at.replace(/[-:T]/g, "").slice(0, 14)}Z`, "ascii"));
}

/** A certificate for a host that signs itself, with its key (RFC 5280 4.1; the name is in subjectAltName). */
export function certificateFor(host: string, from: string, to: string): { cert: string; key: string } {
  const keys: { privateKey: KeyObject; publicKey: KeyObject } = generateKeyPairSync("ec", {
    namedCurve: "P-256",
  });
  const name = sequence(der(0x31, sequence(oid("550403"), der(0x0c, Buffer.from(host, "utf8")))));
  const names = sequence(der(0x82, Buffer.from(host, "ascii")));
  const extensions = der(0xa3, sequence(sequence(oid("551d11"), der(0x04, names))));
  const signed = sequence(
    der(0xa0, der(0x02, Buffer.from([2]))),
    der(0x02, Buffer.from([1])),
    ECDSA_WITH_SHA256,
    name,
    sequence(time(from), time(to)),
    name,
    keys.publicKey.export({ type: "spki", format: "der" }),
    extensions,
  );
  const signature = der(0x03, Buffer.from([0]), sign("sha256", signed, keys.privateKey));
  const lines =
    sequence(signed, ECDSA_WITH_SHA256, signature)
      .toString("base64")
      .match(/.{1,64}/g) ?? [];
  return {
    cert: ["-----BEGIN CERTIFICATE-----", ...lines, "-----END CERTIFICATE-----", ""].join("\n"),
    key: keys.privateKey.export({ type: "pkcs8", format: "pem" }).toString(),
  };
}
