import type { Actor } from "@gonogo/core/actor/schema";
import type { KeyScope } from "@gonogo/core/key/schema";
import type { Using, Writing } from "../runtime.ts";

/** What the API takes of the runtime: releases are moved by the other functions. */
export type Serving = Writing &
  Using<"feeds" | "bus" | "targets" | "metrics" | "doctor" | "objects" | "anchors" | "guard">;

/** What a request carries from the one step of its handling to the next. */
export interface Api {
  Variables: {
    actor: Actor;
    name: string;
    demo: boolean;
    /** What the proof may be used for; unset, whatever the roles may. */
    /** Who it would have been, whose proof is good no more. */
    who: string | undefined;
    scopes: readonly KeyScope[] | undefined;
  };
}
