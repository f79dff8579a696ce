import {
  type AttributeValue,
  DeleteItemCommand,
  DynamoDBClient,
  PutItemCommand,
  ScanCommand,
} from "@aws-sdk/client-dynamodb";
import { STORE } from "@gonogo/functions/deployment";
import type { VirtualControlPlane } from "@gonogo/local/simulation/control-plane";

type Item = Record<string, AttributeValue>;

/** The whole table as it is now, and a way to set it back to that: as somebody would who restores a backup over it. */
export async function copyOfTable(control: VirtualControlPlane): Promise<{ setBack(): Promise<void> }> {
  const client = new DynamoDBClient(control.engine.aws as never);
  const TableName = STORE.table;
  const scan = async () => {
    const items: Item[] = [];
    let ExclusiveStartKey: Item | undefined;
    do {
      const page = await client.send(
        new ScanCommand({ TableName, ...(ExclusiveStartKey === undefined ? {} : { ExclusiveStartKey }) }),
      );
      items.push(...(page.Items ?? []));
      ExclusiveStartKey = page.LastEvaluatedKey;
    } while (ExclusiveStartKey !== undefined);
    return items;
  };
  const keyOf = ({ pk, sk }: Item): Item => ({ pk: pk ?? { S: "" }, sk: sk ?? { S: "" } });
  const before = await control.during(scan);
  return {
    setBack: () =>
      control.during(async () => {
        for (const item of await scan())
          await client.send(new DeleteItemCommand({ TableName, Key: keyOf(item) }));
        for (const Item of before) await client.send(new PutItemCommand({ TableName, Item }));
      }),
  };
}
