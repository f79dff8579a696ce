export interface AuditKeyState {
  /** Somebody wants the key changed, and it is not yet. */
  readonly isAsked: boolean;
  /** The keys that have taken over, by their ids, in their order. */
  readonly heirs: readonly string[];
}

export const FIRST_AUDIT_KEY: AuditKeyState = { isAsked: false, heirs: [] };
