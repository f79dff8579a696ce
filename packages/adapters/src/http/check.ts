import { lookAtAge } from "@gonogo/core/check/age";
import { no, unknown, yes } from "@gonogo/core/check/look";
import type { CheckProbe, Look, LookRequest } from "@gonogo/core/check/port";
import type { ProbeOf } from "@gonogo/core/check/schema";
import { parseInstant } from "@gonogo/core/kit/instant";
import { pointerParts } from "@gonogo/core/kit/problem";
import { messageOf } from "@gonogo/core/kit/text";
import { type Allowed, callAllowed, NotAllowed } from "./allowed.ts";
import { dig, OutsideError } from "./call.ts";
import { shown } from "./guard.ts";

/** Of a value in an answer, what is kept. */
const LONGEST_VALUE = 100;

/** Whether an HTTP request is answered as it should be, now. A service that cannot be reached is not well. */
export class HttpCheck implements CheckProbe<ProbeOf<"http">> {
  readonly #config: Allowed;

  constructor(config: Allowed) {
    this.#config = config;
  }

  async look({ probe }: LookRequest<ProbeOf<"http">>): Promise<Look> {
    const source = shown(probe.url);
    try {
      const { status, json } = await callAllowed(this.#config, probe.url);
      if (status !== probe.status)
        return no(source, `it answered ${status}, not ${probe.status}`, { value: String(status) });
      if (probe.pointer === undefined) return yes(source, `it answered ${status}`, { value: String(status) });
      if (json === undefined) return no(source, "its answer is no JSON");
      return compare(source, probe, dig(json, ...pointerParts(probe.pointer)));
    } catch (error) {
      if (error instanceof NotAllowed) return unknown(source, error.message);
      if (!(error instanceof OutsideError)) throw error;
      const { status } = error;
      if (status === probe.status && probe.pointer === undefined) {
        return yes(source, `it answered ${status}`, { value: String(status) });
      }
      return no(source, error.message, status === undefined ? {} : { value: String(status) });
    }
  }
}

function compare(source: string, probe: ProbeOf<"http">, found: unknown): Look {
  const { pointer, equals, atLeast } = probe;
  const value = text(found);
  if (equals !== undefined && found !== equals) {
    return no(source, `${pointer} is ${value}, not ${String(equals)}`, { value });
  }
  if (atLeast !== undefined && !(typeof found === "number" && found >= atLeast)) {
    return no(source, `${pointer} is ${value}, not at least ${atLeast}`, { value });
  }
  return yes(source, `it answered ${probe.status}, and ${pointer} is ${value}`, { value });
}

/** Whether a time in a JSON answer is not long ago, such as that of the last backup. */
export class AgeCheck implements CheckProbe<ProbeOf<"age">> {
  readonly #config: Allowed;

  constructor(config: Allowed) {
    this.#config = config;
  }

  async look({ probe, now }: LookRequest<ProbeOf<"age">>): Promise<Look> {
    const source = shown(probe.url);
    try {
      const { status, json } = await callAllowed(this.#config, probe.url);
      if (status !== 200) return unknown(source, `it answered ${status}`);
      if (json === undefined) return unknown(source, "its answer is no JSON");
      const { where, pointer, within } = probe;
      if (where !== undefined) {
        const found = dig(json, ...pointerParts(where.pointer));
        if (found !== where.equals) {
          return no(source, `${where.pointer} is ${text(found)}, not ${String(where.equals)}`, {
            value: text(found),
          });
        }
      }
      const found = dig(json, ...pointerParts(pointer));
      const at = typeof found === "string" ? parseInstant(found) : undefined;
      if (at === undefined) return unknown(source, `${pointer} is ${text(found)}, which is no time`);
      return lookAtAge(source, pointer, { at, within, now });
    } catch (error) {
      if (error instanceof OutsideError || error instanceof NotAllowed)
        return unknown(source, messageOf(error));
      throw error;
    }
  }
}

function text(found: unknown): string {
  if (found === undefined) return "not there";
  return (typeof found === "string" ? found : JSON.stringify(found)).slice(0, LONGEST_VALUE);
}
