import type { Instant } from "../kit/instant.ts";
import type { CalendarRules, Scope, Span, SpanKind } from "./schema.ts";

/** What can happen to the deployment's calendar. These are in the deployment's own audit log. */
export type CalendarEvent =
  | { readonly type: "CalendarRulesSet"; readonly rules: CalendarRules }
  | {
      readonly type: "CalendarSpanDeclared";
      readonly span: Span;
      /** It is a window, and begins sooner than the calendar's notice asks for. */
      readonly shortNotice?: true;
    }
  | { readonly type: "CalendarSpanLifted"; readonly span: string; readonly kind: SpanKind }
  | {
      readonly type: "CalendarImported";
      readonly name: string;
      readonly kind: SpanKind;
      readonly scope: Scope;
      /** A feed's host. Its address is often all the secret that it has, and so is not here (S16). */
      readonly host?: string;
      readonly spans: readonly Span[];
      readonly until: Instant;
    }
  | { readonly type: "CalendarFeedFailed"; readonly name: string; readonly why: string }
  | { readonly type: "CalendarImportRemoved"; readonly name: string }
  | {
      readonly type: "WindowNoticeDue";
      readonly notice: string;
      readonly window: Pick<Span, "name" | "from" | "to">;
      readonly channel: string;
      readonly text: string;
    }
  | { readonly type: "WindowNoticeSent"; readonly notice: string; readonly via: string }
  | { readonly type: "WindowNoticeFailed"; readonly notice: string; readonly detail: string };
