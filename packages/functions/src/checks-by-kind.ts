import { unknown } from "@gonogo/core/check/look";
import type { CheckProbe, Look, LookRequest } from "@gonogo/core/check/port";
import type { ProbeKind, ProbeOf } from "@gonogo/core/check/schema";
import { messageOf } from "@gonogo/core/kit/text";

export type Checks = { readonly [K in ProbeKind]?: CheckProbe<ProbeOf<K>> };

/** Answers each probe by whoever knows its kind. What goes wrong is an answer, too: `unknown`. */
export class ChecksByKind implements CheckProbe {
  readonly #checks: Checks;

  constructor(checks: Checks) {
    this.#checks = checks;
  }

  async look(request: LookRequest): Promise<Look> {
    const { kind } = request.probe;
    try {
      const check = this.#checks[kind] as CheckProbe | undefined;
      if (check !== undefined) return await check.look(request);
    } catch (error) {
      return unknown(kind, messageOf(error).slice(0, 300));
    }
    return unknown(kind, `this deployment is not set up for ${kind}; docs/operations.md says what it needs`);
  }
}
