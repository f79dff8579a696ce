import { sha256 as portable } from "@noble/hashes/sha2.js";
import * as portableUtils from "@noble/hashes/utils.js";
import fc from "fast-check";
import { expect, it } from "vitest";
import { bytesToHex, hexToBytes, sha256, utf8ToBytes } from "./hashes.ts";

it("hashes on Lambda are those of everywhere else", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), fc.string({ unit: "binary" }), (bytes, text) => {
      expect(sha256(bytes)).toEqual(portable(bytes));
      expect(sha256(bytes.subarray(3))).toEqual(portable(bytes.subarray(3)));
      const hex = portableUtils.bytesToHex(bytes.subarray(1));
      expect(bytesToHex(bytes.subarray(1))).toBe(hex);
      expect(hexToBytes(hex)).toEqual(portableUtils.hexToBytes(hex));
      expect(utf8ToBytes(text)).toEqual(portableUtils.utf8ToBytes(text));
    }),
  );
});

it.each(["0", "0g", "xx"])("%s is no bytes, as everywhere else", (wrong) => {
  expect(() => hexToBytes(wrong)).toThrow();
  expect(() => portableUtils.hexToBytes(wrong)).toThrow();
});
