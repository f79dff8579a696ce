import { expect, test } from "vitest";
import { headersOf, readCredentials } from "./credentials.ts";

test("what was stored is read back; anything else is nobody", () => {
  expect(readCredentials('{"kind":"demo","id":"ada"}')).toEqual({ kind: "demo", id: "ada" });
  expect(readCredentials('{"kind":"token","token":"t"}')).toEqual({ kind: "token", token: "t" });
  const given = { kind: "token", token: "t", issuer: "https://id.example" };
  expect(readCredentials(JSON.stringify(given))).toEqual(given);
  for (const text of [null, "", "{", "1", "{}", '{"kind":"demo"}', '{"kind":"token","token":1}']) {
    expect(readCredentials(text)).toBeUndefined();
  }
});

test("each way of signing in has its header", () => {
  expect(headersOf(undefined)).toEqual({});
  expect(headersOf({ kind: "demo", id: "ada" })).toEqual({ authorization: "Demo ada" });
  expect(headersOf({ kind: "token", token: "t" })).toEqual({ authorization: "Bearer t" });
});
