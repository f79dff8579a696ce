import {
  type AttributeValue,
  DynamoDBClient,
  GetItemCommand,
  QueryCommand,
  UpdateItemCommand,
} from "@aws-sdk/client-dynamodb";
import { type Instant, toMillis } from "@gonogo/core/kit/instant";
import type { Window } from "@gonogo/core/refusal/limit";
import type { Guard } from "@gonogo/core/refusal/ports";
import {
  dayOf,
  foldedOf,
  KEPT_DAYS,
  kindOf,
  MOST_KINDS,
  type RefusalEntry,
  type Refused,
} from "@gonogo/core/refusal/schema";
import { type AwsConfig, awsErrorName, FAST, PATIENCE } from "../aws/config.ts";
import { type Item, type Key, keys, TABLE } from "./keys.ts";
import { reaching, unavailable } from "./unavailable.ts";

const soon = () => ({ abortSignal: AbortSignal.timeout(PATIENCE) });
/** After its window a count is of no more use; some time is left for clocks that differ. */
const SPARE_MS = 3_600_000;
const DAY_MS = 86_400_000;
/** What was seen is remembered for this long after it was seen last. */
const SEEN_DAYS = 400;

/** What fails is counted, and what was refused is kept, in the one table: items that DynamoDB itself takes away. */
export class DynamoGuard implements Guard {
  readonly #client: DynamoDBClient;
  readonly #table: string;

  constructor(config: AwsConfig, table: string) {
    this.#client = new DynamoDBClient({ requestHandler: FAST, ...config });
    this.#table = table;
  }

  async failures(what: string, window: Window): Promise<number> {
    const command = new GetItemCommand({ TableName: this.#table, Key: keys.failures(what, window.from) });
    const { Item } = await reaching(() => this.#client.send(command, soon()));
    return Number(Item?.n?.N ?? 0);
  }

  async countFailure(what: string, window: Window): Promise<number> {
    const item = await this.#update(keys.failures(what, window.from), {
      UpdateExpression: "ADD n :one SET #expires = :expires",
      ExpressionAttributeNames: { "#expires": TABLE.expires },
      ExpressionAttributeValues: { ":one": { N: "1" }, ":expires": seconds(toMillis(window.to) + SPARE_MS) },
    });
    return Number(item?.n?.N ?? 0);
  }

  async firstSeen(what: string, now: Instant): Promise<Instant> {
    const item = await this.#update(keys.firstSeen(what), {
      UpdateExpression: "SET firstAt = if_not_exists(firstAt, :now), #expires = :expires",
      ExpressionAttributeNames: { "#expires": TABLE.expires },
      ExpressionAttributeValues: {
        ":now": { S: now },
        ":expires": seconds(toMillis(now) + SEEN_DAYS * DAY_MS),
      },
    });
    return (item?.firstAt?.S ?? now) as Instant;
  }

  /** Who is known is told apart always; of all others, as many kinds a day as are kept apart. */
  async noteRefusal(refused: Refused, at: Instant): Promise<void> {
    if (refused.who !== undefined) return await this.#count(refused, at);
    if (await this.#isCounted(refused, at)) return;
    const isNew = await this.#update(keys.refusals(dayOf(at), "#"), {
      UpdateExpression: "ADD kinds :one SET #expires = :expires",
      ConditionExpression: "attribute_not_exists(kinds) OR kinds < :most",
      ExpressionAttributeNames: { "#expires": TABLE.expires },
      ExpressionAttributeValues: {
        ":one": { N: "1" },
        ":most": { N: String(MOST_KINDS) },
        ":expires": endOfKeeping(at),
      },
    });
    await this.#count(isNew === undefined ? foldedOf(refused) : refused, at);
  }

  async refusals(day: string): Promise<readonly RefusalEntry[]> {
    const items: Item[] = [];
    let start: Record<string, AttributeValue> | undefined;
    do {
      const page = await reaching(() =>
        this.#client.send(
          new QueryCommand({
            TableName: this.#table,
            KeyConditionExpression: "pk = :pk AND begins_with(sk, :kind)",
            ExpressionAttributeValues: { ":pk": keys.refusals(day, "").pk, ":kind": { S: "KIND#" } },
            ...(start === undefined ? {} : { ExclusiveStartKey: start }),
          }),
          soon(),
        ),
      );
      items.push(...(page.Items ?? []));
      start = page.LastEvaluatedKey;
    } while (start !== undefined);
    return items.map(entryOf);
  }

  /** Whether its kind is there already; it has then been counted. */
  async #isCounted(refused: Refused, at: Instant): Promise<boolean> {
    const item = await this.#update(keys.refusals(dayOf(at), `KIND#${kindOf(refused)}`), {
      UpdateExpression: "ADD n :one SET lastAt = :at",
      ConditionExpression: "attribute_exists(pk)",
      ExpressionAttributeValues: { ":one": { N: "1" }, ":at": { S: at } },
    });
    return item !== undefined;
  }

  async #count(refused: Refused, at: Instant): Promise<void> {
    await this.#update(keys.refusals(dayOf(at), `KIND#${kindOf(refused)}`), {
      UpdateExpression:
        "ADD n :one SET doc = :doc, lastAt = :at, firstAt = if_not_exists(firstAt, :at), #expires = :expires",
      ExpressionAttributeNames: { "#expires": TABLE.expires },
      ExpressionAttributeValues: {
        ":one": { N: "1" },
        ":doc": { S: JSON.stringify(refused) },
        ":at": { S: at },
        ":expires": endOfKeeping(at),
      },
    });
  }

  /** The item as it is then; undefined where the condition does not hold. */
  async #update(
    Key: Key,
    how: Omit<ConstructorParameters<typeof UpdateItemCommand>[0], "TableName" | "Key">,
  ): Promise<Item | undefined> {
    try {
      const command = new UpdateItemCommand({ TableName: this.#table, Key, ReturnValues: "ALL_NEW", ...how });
      return (await this.#client.send(command, soon())).Attributes ?? {};
    } catch (error) {
      if (awsErrorName(error) === "ConditionalCheckFailedException") return undefined;
      throw unavailable(error);
    }
  }
}

function entryOf(item: Item): RefusalEntry {
  const last = (item.lastAt?.S ?? "") as Instant;
  const refused = JSON.parse(item.doc?.S ?? "{}") as Refused;
  return { ...refused, count: Number(item.n?.N ?? 0), first: (item.firstAt?.S ?? last) as Instant, last };
}

function endOfKeeping(at: Instant): AttributeValue {
  return seconds(toMillis(at) + KEPT_DAYS * DAY_MS);
}

/** As DynamoDB's time to live takes a moment. */
function seconds(millis: number): AttributeValue & { N: string } {
  return { N: String(Math.ceil(millis / 1000)) };
}
