import type { Instant } from "../kit/instant.ts";
import type { LiveFreeze, LiveWindow } from "./state.ts";

/** What the deployment's calendar means for one release. */
export type FreezeEvent =
  | ({ readonly type: "FreezeDeclared"; readonly freeze: string } & Omit<LiveFreeze, "id">)
  | { readonly type: "FreezeLifted"; readonly freeze: string; readonly why: string }
  /** The maintenance windows that come next, for a release that may run in one only. */
  | { readonly type: "WindowsChanged"; readonly windows: readonly LiveWindow[] }
  /** It goes on in a freeze, or outside of its window, and why it may. */
  | { readonly type: "FreezeExempted"; readonly freeze: string; readonly name: string; readonly why: string }
  /** Its start fell where nothing may start: T is another. */
  | { readonly type: "StartMoved"; readonly t: Instant; readonly why: string };
