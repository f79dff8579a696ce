import { existsSync, readFileSync } from "node:fs";
import { PutItemCommand, TransactWriteItemsCommand } from "@aws-sdk/client-dynamodb";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createTables } from "./tables.ts";
import { type Place, places } from "./testing.ts";

/** What AWS itself was seen to answer; where the recordings are not there, these are skipped. */
const recordings = new URL("../../../../../shared/vectors/", import.meta.url);
const recorded = (name: string) => JSON.parse(readFileSync(new URL(name, recordings), "utf8"));
const CONDITION = "dynamodb-condition-failed-returnvalues-aws-recorded.json";
const CANCELED = "dynamodb-transactwrite-canceled-aws-recorded.json";

describe.skipIf(!existsSync(new URL(CONDITION, recordings))).each(places)(
  "the answers that AWS gave, given by $name",
  ({ open }) => {
    let place: Place;
    const item = { id: { S: "456" }, product: { S: "sporting goods" }, price: { N: "650" } };
    beforeAll(async () => {
      place = await open();
      await createTables(place.client, [{ name: "goods", partitionKey: "id" }]);
      await place.client.send(new PutItemCommand({ TableName: "goods", Item: item }));
    });
    afterAll(async () => place?.close());

    it("to a condition that fails, with the item that stands there", async () => {
      const { Error: expected, Item } = recorded(CONDITION).items;
      const refused = place.client.send(
        new PutItemCommand({
          TableName: "goods",
          Item: item,
          ConditionExpression: "attribute_not_exists(id)",
          ReturnValuesOnConditionCheckFailure: "ALL_OLD",
        }),
      );
      await expect(refused).rejects.toMatchObject({ name: expected.Code, message: expected.Message, Item });
    });

    it("to a transaction whose first condition fails", async () => {
      const refused = place.client.send(
        new TransactWriteItemsCommand({
          TransactItems: [
            {
              ConditionCheck: {
                TableName: "goods",
                Key: { id: { S: "none" } },
                ConditionExpression: "attribute_exists(id)",
              },
            },
            { Put: { TableName: "goods", Item: { id: { S: "new" } } } },
          ],
        }),
      );
      const said = await refused.then(
        () => "",
        (error: unknown) => error as Error,
      );
      const { name, message } = said as Error;
      expect(`An error occurred (${name}) when calling the TransactWriteItems operation: ${message}`).toBe(
        recorded(CANCELED).Error,
      );
    });
  },
);
