import type { AuditKeyEvent } from "./events.ts";
import type { AuditKeyState } from "./state.ts";

export function evolveAuditKey(state: AuditKeyState, event: AuditKeyEvent): AuditKeyState {
  switch (event.type) {
    case "AuditKeyChangeAsked":
      return { ...state, isAsked: true };
    case "AuditKeyChanged":
      return { isAsked: false, heirs: [...state.heirs, event.to] };
  }
}
