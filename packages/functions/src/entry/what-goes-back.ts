import { whatGoesBack } from "../lambdas/what-goes-back.ts";
import { handlerOf } from "./handler.ts";
import { store } from "./parts/store.ts";

export const handler = handlerOf("what-goes-back", whatGoesBack, { store });
