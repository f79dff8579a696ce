import type { Actor } from "@gonogo/core/actor/schema";

/** What a request carries from the one step of its handling to the next. */
export interface Api {
  Variables: {
    actor: Actor;
    name: string;
    demo: boolean;
  };
}
