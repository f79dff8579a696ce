import { audit } from "../lambdas/audit.ts";
import { handlerOf } from "./handler.ts";
import { anchors } from "./parts/anchors.ts";
import { store } from "./parts/store.ts";
import { trustedKey, trustedKeyBefore } from "./parts/trusted-key.ts";

export const handler = handlerOf("audit", audit, { anchors, store, trustedKey, trustedKeyBefore });
