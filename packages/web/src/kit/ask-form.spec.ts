import { expect, test } from "vitest";
import { fieldOf } from "./ask-form.tsx";

const fields = [{ name: "to" }, { name: "until" }] as const;
const about = { "delegation.to-self": "to" } as const;

test.each([
  ["by its code", { code: "delegation.to-self", message: "name somebody else" }, "to"],
  ["by its name", { code: "request.invalid", message: "until: expected a moment" }, "until"],
  ["by the name of what holds it", { code: "request.invalid", message: "to/0: must not be empty" }, "to"],
  ["nowhere else, so at the reason", { code: "delegation.twice", message: "you: have done it" }, "reason"],
])("a refusal stands at its field: %s", (_, refusal, field) => {
  expect(fieldOf(refusal, fields, about)).toBe(field);
});
