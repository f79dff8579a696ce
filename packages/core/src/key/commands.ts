import type { NewKey } from "./schema.ts";

/** What may be asked of the deployment's keys. The reason travels beside the command. */
export type KeyCommand =
  | ({ readonly type: "CreateKey" } & NewKey)
  | { readonly type: "RevokeKey"; readonly key: string };
