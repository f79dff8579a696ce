/** The deployment's own alarm, which stands on nothing and is rung to see whether it is heard. */
export interface TestAlarm {
  /** Has CloudWatch itself say that the alarm went off, for this reason. Throws when it cannot. */
  ring(reason: string): Promise<void>;
}
