import { audit } from "../lambdas/audit.ts";
import { handlerOf } from "./handler.ts";
import { anchors } from "./parts/anchors.ts";
import { copies } from "./parts/copies.ts";
import { store } from "./parts/store.ts";
import { trustedKey, trustedKeyBefore } from "./parts/trusted-key.ts";

export const handler = handlerOf("audit", audit, { anchors, copies, store, trustedKey, trustedKeyBefore });
