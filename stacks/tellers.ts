import { nameIn } from "./names.ts";
import { KEY_OWNERS } from "./permissions.ts";
import type { Here } from "./place.ts";

/**
 * Where gonogo's own alarms go, when somebody is to be told. The key is the topic's: CloudWatch may not use
 * the one that AWS keeps for SNS.
 */
export function tellers({ stage, at, declared }: Here): aws.sns.Topic | undefined {
  if (declared.tell.length === 0) return undefined;
  const key = new aws.kms.Key("TellersKey", {
    description: `${nameIn(stage, "health")}: what gonogo says of itself`,
    enableKeyRotation: true,
    policy: JSON.stringify({
      Version: "2012-10-17",
      Statement: [
        {
          ...KEY_OWNERS,
          Principal: { AWS: `arn:${at.partition}:iam::${at.account}:root` },
        },
        {
          Sid: "Alarms",
          Effect: "Allow",
          Principal: { Service: "cloudwatch.amazonaws.com" },
          Action: ["kms:Decrypt", "kms:GenerateDataKey"],
          // In a key's policy this is the key itself.
          Resource: "*",
          Condition: { StringEquals: { "aws:SourceAccount": at.account } },
        },
      ],
    }),
  });
  const topic = new aws.sns.Topic("Tellers", { name: nameIn(stage, "health"), kmsMasterKeyId: key.arn });
  new aws.sns.TopicPolicy("TellersPolicy", {
    arn: topic.arn,
    policy: $jsonStringify({
      Version: "2012-10-17",
      Statement: [
        {
          Sid: "Alarms",
          Effect: "Allow",
          Principal: { Service: "cloudwatch.amazonaws.com" },
          Action: "sns:Publish",
          Resource: topic.arn,
          Condition: { StringEquals: { "aws:SourceAccount": at.account } },
        },
      ],
    }),
  });
  for (const [index, endpoint] of declared.tell.entries()) {
    new aws.sns.TopicSubscription(`Teller${index + 1}`, { topic: topic.arn, protocol: "email", endpoint });
  }
  return topic;
}

/** A month's money for what carries the stage's tag; the same people are told before it is gone. */
export function budget({ stage, declared }: Here): void {
  if (declared.tell.length === 0) return;
  new aws.budgets.Budget("Budget", {
    name: nameIn(stage, "month"),
    budgetType: "COST",
    limitAmount: String(declared.budget),
    limitUnit: "USD",
    timeUnit: "MONTHLY",
    costFilters: [{ name: "TagKeyValue", values: [`user:gonogo$${stage}`] }],
    notifications: [
      { type: "FORECASTED", threshold: 100 },
      { type: "ACTUAL", threshold: 80 },
    ].map(({ type, threshold }) => ({
      notificationType: type,
      comparisonOperator: "GREATER_THAN",
      threshold,
      thresholdType: "PERCENTAGE",
      subscriberEmailAddresses: declared.tell,
    })),
  });
}
