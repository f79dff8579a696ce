import type { Instant } from "../kit/instant.ts";

export type IncidentEvent =
  | {
      readonly type: "IncidentOpened";
      readonly incident: string;
      readonly postmortemDue: Instant;
      readonly cause?: string;
      readonly scope?: readonly string[];
      /** A person said so, where nothing was rolled back: it is mended forward. */
      readonly declared?: true;
      /** When it was first seen, where the person who declared it says so. */
      readonly detectedAt?: Instant;
    }
  | { readonly type: "IncidentResolved"; readonly incident: string; readonly how: string };
