import type { Hop } from "./events.ts";

export type IntegrationCommand =
  | { readonly type: "TestIntegration"; readonly integration: string }
  /** What came of it, by whatever function saw it. */
  | {
      readonly type: "RecordIntegrationTest";
      readonly test: string;
      readonly ok: boolean;
      readonly hops: readonly Hop[];
      readonly detail?: string;
    };
