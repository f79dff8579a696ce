import { checkpoint } from "../lambdas/checkpoint.ts";
import { handlerOf } from "./handler.ts";
import { anchors } from "./parts/anchors.ts";
import { copies } from "./parts/copies.ts";
import { elsewhere } from "./parts/elsewhere.ts";
import { objects } from "./parts/objects.ts";
import { signer } from "./parts/signer.ts";
import { signerBefore } from "./parts/signer-before.ts";
import { store } from "./parts/store.ts";

export const handler = handlerOf("checkpoint", checkpoint, {
  anchors,
  copies,
  elsewhere,
  objects,
  signer,
  signerBefore,
  store,
});
