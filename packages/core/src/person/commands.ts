/** Asks that a person's name is erased. The reason travels beside the command. */
export interface ForgetName {
  readonly type: "ForgetName";
  /** Their id in the logs, see personId. */
  readonly person: string;
}
