import { z } from "zod";
import { ident, line, offset, prose } from "../kit/schema.ts";
import { need } from "../step/schema.ts";

/** A message of the communication timeline. */
export const Message = z.strictObject({
  id: ident.describe("What the record of its sending refers to."),
  at: offset.describe("When it is due."),
  audience: line.describe("Whom it is for."),
  channel: line.describe("The channel it goes to, by its name."),
  text: prose.describe("What is said."),
  owner: line.describe("The role that answers for it."),
  needs: z.array(need).default([]).describe("Sent only once this is true: the text says so."),
});
export type Message = z.infer<typeof Message>;

/** A channel and what it is for. Where it leads is the deployment's business, not the plan's. */
export const Channel = z.strictObject({
  name: line.describe("Its name, such as Slack #ops."),
  purpose: line.describe("What it is for: status, customers, escalation."),
  owner: line.describe("The role that answers for it."),
});
export type Channel = z.infer<typeof Channel>;
