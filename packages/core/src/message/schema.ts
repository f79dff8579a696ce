import { z } from "zod";
import { ident, line, offset, prose } from "../kit/schema.ts";
import { need } from "../step/schema.ts";

/** A message of the communication timeline. */
export const Message = z.strictObject({
  id: ident,
  at: offset,
  audience: line,
  channel: line,
  text: prose,
  owner: line,
  needs: z.array(need).default([]).describe("Sent only once this is true: the text says so."),
});
export type Message = z.infer<typeof Message>;

/** A channel and what it is for. Where it leads is the deployment's business, not the plan's. */
export const Channel = z.strictObject({ name: line, purpose: line, owner: line });
export type Channel = z.infer<typeof Channel>;
