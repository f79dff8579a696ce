import { describe, expect, it } from "vitest";
import { retryPolicy } from "../kernel/attempts.ts";
import { inputOf } from "./input.ts";
import { follow, parsePath } from "./json-path.ts";
import type { BusEvent, Delivery, TargetRecord } from "./model.ts";
import { isWellFormed, parseTemplate } from "./template.ts";

const event: BusEvent = {
  version: "0",
  id: "e-1",
  "detail-type": "core.update-account-command",
  source: "core",
  account: "123456789012",
  time: "2026-11-02T12:00:00Z",
  region: "us-east-1",
  resources: ["arn:one", "arn:two"],
  detail: {
    payload: { acc_id: "0a787ecb-4015", sf_id: "baz" },
    listsingle: ["HIGH"],
    listmulti: ["ACTIVE", "INACTIVE"],
    valid: true,
    quote: 'say "hi"',
    nothing: null,
    items: [{ n: 1 }, { n: 2 }],
  },
};

const InputPathsMap = {
  userId: "$.detail.payload.acc_id",
  payload: "$.detail.payload",
  systemstring: "$.detail.awsAccountId",
  listsingle: "$.detail.listsingle",
  listmulti: "$.detail.listmulti",
  valid: "$.detail.valid",
  quote: "$.detail.quote",
  nothing: "$.detail.nothing",
};

function given(target: Partial<TargetRecord>): unknown {
  const delivery: Delivery = {
    event,
    ruleArn: "arn:aws:events:us-east-1:123456789012:rule/bus/r",
    ruleName: "r",
    target: { Id: "t", Arn: "arn:aws:lambda:us-east-1:123456789012:function:f", ...target },
    ingestedAt: Date.UTC(2026, 10, 2, 12, 0, 1, 500),
    hops: 0,
    acceptedAt: 0,
    dueAt: 0,
    failures: 0,
    policy: retryPolicy(),
  };
  return inputOf(delivery);
}
const transformed = (InputTemplate: string) => given({ InputTransformer: { InputPathsMap, InputTemplate } });

describe("input templates, as recorded on AWS", () => {
  // localstack/localstack@8b9a79f05, tests/aws/services/events/test_events_inputs.snapshot.json
  it.each<[string, unknown]>([
    [
      '{"method": "PUT", "path": "users-service/users/<userId>", "bod": <payload>}',
      {
        method: "PUT",
        path: "users-service/users/0a787ecb-4015",
        bod: { acc_id: "0a787ecb-4015", sf_id: "baz" },
      },
    ],
    [
      '"Payload of <payload> with path users-service/users/<userId> and <userId>"',
      "Payload of {acc_id:0a787ecb-4015,sf_id:baz} with path users-service/users/0a787ecb-4015 and 0a787ecb-4015",
    ],
    ['{"id" : <userId>}', { id: "0a787ecb-4015" }],
    ['{"id" : "<userId>"}', { id: "0a787ecb-4015" }],
    ['{"bod": [<userId>, "hardcoded"]}', { bod: ["0a787ecb-4015", "hardcoded"] }],
    ['"<listsingle> single list item"', "[HIGH] single list item"],
    ['"<listmulti> multiple list items"', "[ACTIVE,INACTIVE] multiple list items"],
    ['{"singlelistitem": <listsingle>}', { singlelistitem: ["HIGH"] }],
    ['"<systemstring> system account id"', " system account id"],
    ['{"command": <systemstring>}', { command: "" }],
    [
      '{"multi_replacement": "users/<userId>/second/<userId>"}',
      { multi_replacement: "users/0a787ecb-4015/second/0a787ecb-4015" },
    ],
    ['"Command is <valid>!"', "Command is true!"],
    ['"{[/Check with special starting characters"', "{[/Check with special starting characters"],
    [
      '"all: <aws.events.rule-arn> <aws.events.rule-name> <aws.events.event.ingestion-time>"',
      "all: arn:aws:events:us-east-1:123456789012:rule/bus/r r 2026-11-02T12:00:01Z",
    ],
  ])("%s", (template, expected) => {
    expect(transformed(template)).toEqual(expected);
  });

  it("gives the event without and with its detail", () => {
    const { detail: _, "detail-type": detailType, ...rest } = event;
    expect(transformed('{"event": <aws.events.event>, "json": <aws.events.event.json>}')).toEqual({
      event: { ...rest, detailType },
      json: event,
    });
  });

  it.each(['{"payload": "<payload>"}', '{"singlelistitem": "<listsingle>"}'])(
    "%s makes no JSON, which AWS delivers to nobody",
    (template) => {
      expect(() => transformed(template)).toThrow("does not make JSON");
    },
  );
});

describe("input templates, ours", () => {
  it("escape text inside quotes", () => {
    expect(transformed('{"a": "<quote>", "b": <quote>}')).toEqual({ a: 'say "hi"', b: 'say "hi"' });
    expect(transformed('"he \\"<userId>\\" said"')).toBe('he "0a787ecb-4015" said');
  });

  it("keep null apart from what is missing", () => {
    expect(transformed('{"a": <nothing>, "b": <systemstring>}')).toEqual({ a: null, b: "" });
  });

  it.each(["<userId> is here", '"one"\n"two"', "{", '{"a": <userId>'])(
    "%j is not one JSON value",
    (template) => {
      expect(isWellFormed(parseTemplate(template))).toBe(false);
    },
  );
});

describe("other inputs", () => {
  it.each<[string, Partial<TargetRecord>, unknown]>([
    ["the event", {}, event],
    ["a constant", { Input: '{"a":1}' }, { a: 1 }],
    ["a part", { InputPath: "$.detail.payload" }, { acc_id: "0a787ecb-4015", sf_id: "baz" }],
    ["a text", { InputPath: "$.detail.payload.sf_id" }, "baz"],
    ["everything", { InputPath: "$" }, event],
    ["a part that is missing", { InputPath: "$.detail.nowhere" }, null],
  ])("%s", (_name, target, expected) => {
    expect(given(target)).toEqual(expected);
  });
});

describe("paths", () => {
  it.each<[string, unknown]>([
    ["$.detail-type", "core.update-account-command"],
    ["$.resources[1]", "arn:two"],
    ["$.resources[9]", undefined],
    ["$.detail.items[*].n", [1, 2]],
    ["$.detail.payload.*", ["0a787ecb-4015", "baz"]],
    ["$.detail.constructor", undefined],
  ])("%s", (path, expected) => {
    expect(follow(parsePath(path) ?? [], event)).toEqual(expected);
  });

  it.each(["detail", "$detail", "$['detail']", "$..detail", "$.detail[?(@.n)]", "$.", "$.a b"])(
    "%s is refused",
    (path) => {
      expect(parsePath(path)).toBeUndefined();
    },
  );
});
