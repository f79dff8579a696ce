/** In the deployment's own audit log: who wanted the log's key changed, and that it was. Keys are there by their ids. */
export type AuditKeyEvent =
  | { readonly type: "AuditKeyChangeAsked" }
  | {
      readonly type: "AuditKeyChanged";
      /** See keyId. */
      readonly from: string;
      readonly to: string;
      /** The leaves up to which the old key signed. */
      readonly size: number;
    };
