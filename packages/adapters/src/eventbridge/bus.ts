import { EventBridgeClient, PutEventsCommand } from "@aws-sdk/client-eventbridge";
import type { Bus } from "@gonogo/core/release/ports";
import type { AwsConfig } from "../aws/config.ts";

/** Entries in one call. https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutEvents.html */
const MOST_ENTRIES = 10;

/** gonogo's own bus. */
export class EventBridgeBus implements Bus {
  readonly #client: EventBridgeClient;
  readonly #name: string;

  constructor(config: AwsConfig, name: string) {
    this.#client = new EventBridgeClient(config);
    this.#name = name;
  }

  /** Throws when any entry was not taken: an answer of 200 alone does not say that they were. */
  async publish(events: readonly { readonly type: string; readonly detail: unknown }[]): Promise<void> {
    for (let from = 0; from < events.length; from += MOST_ENTRIES) {
      const entries = events.slice(from, from + MOST_ENTRIES);
      const answer = await this.#client.send(
        new PutEventsCommand({
          Entries: entries.map(({ type, detail }) => ({
            EventBusName: this.#name,
            Source: "gonogo",
            DetailType: type,
            Detail: JSON.stringify(detail),
          })),
        }),
      );
      const failed = answer.Entries?.find(({ ErrorCode }) => ErrorCode !== undefined);
      if ((answer.FailedEntryCount ?? 0) > 0) {
        throw new Error(`EventBridge did not take ${answer.FailedEntryCount}: ${failed?.ErrorMessage ?? ""}`);
      }
    }
  }
}
