import { audit } from "../lambdas/audit.ts";
import { handlerOf } from "./handler.ts";
import { anchors } from "./parts/anchors.ts";
import { signer } from "./parts/signer.ts";
import { store } from "./parts/store.ts";

export const handler = handlerOf("audit", audit, { anchors, signer, store });
