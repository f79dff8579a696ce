import type { Whereabouts } from "@gonogo/adapters/deployment/inspector";
import type { FunctionName, MachineName } from "../deployment.ts";

/** What a function is told of where things are; the rest has names that begin alike. */
export interface Told {
  readonly table: string;
  readonly bus: string;
  readonly scheduleGroup: string;
  readonly machines: Readonly<Record<MachineName, string>>;
  readonly visitArn: string;
  readonly deadLetterArn: string;
}

export function whereabouts({ visitArn, deadLetterArn, ...rest }: Told): Whereabouts {
  const visit = visitArn.split(":").at(6) ?? "";
  return {
    ...rest,
    prefix: visit.slice(0, visit.length - "visit".length),
    deadLetters: deadLetterArn.split(":").at(-1) ?? "",
  };
}

/** The ARN of another function of the same deployment. */
export function besideVisit(visitArn: string, name: FunctionName): string {
  return visitArn.replace(/visit$/, name);
}
