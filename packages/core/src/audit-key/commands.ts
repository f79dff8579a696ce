/** A person wants the log to be signed with another key from now on, where the server keeps the key itself. */
export interface ChangeAuditKey {
  readonly type: "ChangeAuditKey";
}

/** What came of it, or of a deployment with another key: the log is signed with `to` now. */
export interface RecordAuditKey {
  readonly type: "RecordAuditKey";
  /** See keyId. */
  readonly from: string;
  readonly to: string;
  /** Leaves that the log had then. */
  readonly size: number;
}

export type AuditKeyCommand = ChangeAuditKey | RecordAuditKey;
