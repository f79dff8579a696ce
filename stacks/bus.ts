import { BUS, DEAD_LETTERS } from "@gonogo/functions/deployment";
import { nameIn } from "./names.ts";
import type { Here } from "./place.ts";

/** Days for which events can be played again, and dead letters be looked at. */
const ARCHIVE_DAYS = 30;
const DEAD_LETTER_DAYS = 14;

/** gonogo's own bus, what was on it of late, and where deliveries end that could not be made. */
export function bus({ stage, at }: Here) {
  const own = new sst.aws.Bus("Bus", {
    transform: {
      bus: (args) => {
        args.name = nameIn(stage, BUS);
      },
    },
  });
  new aws.cloudwatch.EventArchive("BusArchive", {
    name: nameIn(stage, "archive").slice(0, 48),
    eventSourceArn: own.arn,
    retentionDays: ARCHIVE_DAYS,
    description: "What happened to releases, for a replay",
  });
  const deadLetters = new aws.sqs.Queue("DeadLetters", {
    name: nameIn(stage, DEAD_LETTERS),
    messageRetentionSeconds: DEAD_LETTER_DAYS * 86_400,
    sqsManagedSseEnabled: true,
  });
  new aws.sqs.QueuePolicy("DeadLettersPolicy", {
    queueUrl: deadLetters.url,
    policy: $jsonStringify({
      Version: "2012-10-17",
      Statement: [
        {
          Sid: "RulesOfGonogo",
          Effect: "Allow",
          Principal: { Service: "events.amazonaws.com" },
          Action: "sqs:SendMessage",
          Resource: deadLetters.arn,
          Condition: {
            ArnLike: {
              "aws:SourceArn": [at.rule("*", "default"), at.rule("*", "own"), ...at.standByRules],
            },
          },
        },
        {
          Sid: "OnlyEncryptedOnTheWay",
          Effect: "Deny",
          Principal: "*",
          Action: "sqs:*",
          Resource: deadLetters.arn,
          Condition: { Bool: { "aws:SecureTransport": "false" } },
        },
      ],
    }),
  });
  return { bus: own, deadLetters };
}
