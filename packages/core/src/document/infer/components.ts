import type { Place } from "../../kit/problem.ts";
import { freshId } from "../../kit/text.ts";
import type { PlanInput } from "../../plan/schema.ts";
import { likeness } from "./match.ts";

export type TargetInput = PlanInput["components"][number]["target"];

/** What a component is, as far as its name and mechanism tell. */
export type Family = "lambda" | "app-store" | "google-play" | "gateway" | "other";

export interface ComponentDraft {
  readonly id: string;
  readonly name: string;
  readonly place: Place;
  family: Family;
  /** Stated in a table of components, and so not to be inferred. */
  target?: TargetInput;
}

/** What a sentence speaks of. The particular words come before the general ones. */
export function familyOf(text: string): Family {
  if (/gateway/i.test(text)) return "gateway";
  if (/google play|play (?:store|console)|android/i.test(text)) return "google-play";
  if (/app store|testflight|\bios\b|iphone/i.test(text)) return "app-store";
  if (/\blambda\b|\balias\b|serverless|update-alias/i.test(text)) return "lambda";
  if (/mobile|crash|\bapp\b/i.test(text)) return "app-store";
  return "other";
}

/** What a metric speaks of: servers have error rates and latencies, apps have crashes and ratings. */
export function familyOfMetric(text: string): Family {
  const family = familyOf(text);
  if (family !== "other" && family !== "gateway") return family;
  if (/5xx|4xx|\bapi\b|latency|error rate|\bp\d\d\b|throttl|cold start/i.test(text)) return "lambda";
  return /rating|stars|session/i.test(text) ? "app-store" : "other";
}

const STORES: readonly Family[] = ["app-store", "google-play"];

function isKin(a: Family, b: Family): boolean {
  return a !== "other" && (a === b || (STORES.includes(a) && STORES.includes(b)));
}

/** The components of a plan while it is put together. */
export class Components {
  readonly all: ComponentDraft[] = [];
  readonly #ids = new Set<string>();

  add(name: string, place: Place, family: Family = familyOf(name), id = ""): ComponentDraft {
    const component = { id: freshId(id || name, this.#ids), name, place, family };
    this.all.push(component);
    return component;
  }

  /** The component with this name, however it is capitalised. */
  named(name: string): ComponentDraft | undefined {
    const key = name.toLowerCase();
    return this.all.find((one) => one.name.toLowerCase() === key || one.id === key);
  }

  /**
   * The component that a sentence is about: the one whose name is in it, or the only one of its family.
   * An API gateway is never taken for the function behind it.
   */
  about(text: string, family: Family = familyOf(text)): ComponentDraft | undefined {
    const scored = this.all
      .filter((one) => (family === "gateway") === (one.family === "gateway"))
      .map((one) => ({ one, score: likeness(text, one.name) + (isKin(family, one.family) ? 1 : 0) }))
      .filter(({ score }) => score >= 0.5)
      .toSorted((a, b) => b.score - a.score);
    return scored[0]?.one;
  }
}
