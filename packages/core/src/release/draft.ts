import type { Instant } from "../kit/instant.ts";
import type { Plan } from "../plan/schema.ts";
import type { Command, Rejection } from "./commands.ts";
import type { ReleaseEvent } from "./events.ts";
import { evolve, type Meta, metaOf } from "./evolve.ts";
import type { ReleaseState } from "./state.ts";

export type Decision =
  | { readonly ok: true; readonly events: readonly ReleaseEvent[] }
  | { readonly ok: false; readonly rejection: Rejection };

/**
 * A decision in the making: events as they are decided, and the state as it will be after them, so that
 * what is decided next is decided on that. Nothing outside sees it before it is whole.
 */
export class Draft {
  readonly plan: Plan;
  readonly command: Pick<Command, "at" | "actor" | "reason" | "id" | "file" | "head">;
  readonly meta: Meta;
  readonly events: ReleaseEvent[] = [];
  #state: ReleaseState;

  constructor(
    plan: Plan,
    state: ReleaseState,
    command: Pick<Command, "at" | "actor" | "reason" | "id" | "file" | "head">,
  ) {
    this.plan = plan;
    this.#state = state;
    this.command = command;
    this.meta = metaOf(command);
  }

  get state(): ReleaseState {
    return this.#state;
  }

  get now(): Instant {
    return this.command.at;
  }

  emit(event: ReleaseEvent): void {
    this.events.push(event);
    this.#state = evolve(this.plan, this.#state, event, this.meta);
  }

  decided(): Decision {
    return { ok: true, events: this.events };
  }
}

export function reject(kind: Rejection["kind"], code: string, message: string): Decision {
  return { ok: false, rejection: { kind, code, message } };
}
