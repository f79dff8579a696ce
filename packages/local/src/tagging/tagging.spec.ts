import {
  DeleteAlarmsCommand,
  ListTagsForResourceCommand,
  PutCompositeAlarmCommand,
  PutMetricAlarmCommand,
  TagResourceCommand,
  UntagResourceCommand,
} from "@aws-sdk/client-cloudwatch";
import {
  GetResourcesCommand,
  type GetResourcesCommandInput,
  ResourceGroupsTaggingAPIClient,
} from "@aws-sdk/client-resource-groups-tagging-api";
import { CloudWatchAlarms } from "@gonogo/adapters/cloudwatch/alarms";
import { beforeEach, describe, expect, it } from "vitest";
import { errorsAlarm, type VirtualCloudWatch, virtualCloudWatch } from "../cloudwatch/testing.ts";
import { inProcess } from "../scheduler/testing.ts";
import { createTagging } from "./index.ts";

let engine: VirtualCloudWatch;
beforeEach(() => {
  engine = virtualCloudWatch();
  engine.kernel.register(createTagging(() => engine.cloudwatch.tagged()).service);
});

const ARN = "arn:aws:cloudwatch:us-east-1:123456789012:alarm";
const tags = (of: Record<string, string>) => Object.entries(of).map(([Key, Value]) => ({ Key, Value }));
const put = (AlarmName: string, of: Record<string, string> = {}) =>
  engine.client.send(new PutMetricAlarmCommand({ ...errorsAlarm, AlarmName, Tags: tags(of) }));
const tagsOf = async (name: string) =>
  (await engine.client.send(new ListTagsForResourceCommand({ ResourceARN: `${ARN}:${name}` }))).Tags;

const ask = async (input: GetResourcesCommandInput) =>
  await new ResourceGroupsTaggingAPIClient(inProcess(engine.kernel)).send(new GetResourcesCommand(input));

describe("an alarm's tags", () => {
  it("are given when it is made, and ignored when it is changed, as AWS does", async () => {
    await put("a", { service: "shop" });
    await put("a", { service: "other", more: "yes" });
    expect(await tagsOf("a")).toEqual(tags({ service: "shop" }));
    const rule = { AlarmName: "both", AlarmRule: "ALARM(a)", Tags: tags({ service: "shop" }) };
    await engine.client.send(new PutCompositeAlarmCommand(rule));
    expect(await tagsOf("both")).toEqual(tags({ service: "shop" }));
  });

  it("are put on, taken off, and go with it", async () => {
    await put("a", { service: "shop" });
    const ResourceARN = `${ARN}:a`;
    await engine.client.send(
      new TagResourceCommand({ ResourceARN, Tags: tags({ service: "x", stage: "" }) }),
    );
    expect(await tagsOf("a")).toEqual(tags({ service: "x", stage: "" }));
    await engine.client.send(new UntagResourceCommand({ ResourceARN, TagKeys: ["stage", "none"] }));
    expect(await tagsOf("a")).toEqual(tags({ service: "x" }));
    await engine.client.send(new DeleteAlarmsCommand({ AlarmNames: ["a"] }));
    await expect(tagsOf("a")).rejects.toMatchObject({ name: "ResourceNotFoundException" });
    await put("a");
    expect(await tagsOf("a")).toEqual([]);
  });

  it.each([
    ["a key of AWS's own", { "aws:stack": "x" }],
    ["a value that is too long", { service: "x".repeat(257) }],
    ["too many", Object.fromEntries(Array.from({ length: 51 }, (_, n) => [`k${n}`, "v"]))],
  ])("%s is refused, and no alarm is made", async (_, of) => {
    await expect(put("a", of)).rejects.toMatchObject({ name: "ValidationException" });
    await expect(tagsOf("a")).rejects.toMatchObject({ name: "ResourceNotFoundException" });
  });
});

describe("the tagging API", () => {
  beforeEach(async () => {
    await put("a", { service: "shop", stage: "production" });
    await put("b", { service: "shop", stage: "staging" });
    await put("c", { service: "pay", stage: "production" });
    await put("d");
  });

  const found = async (...TagFilters: { Key: string; Values?: string[] }[]) =>
    ((await ask({ TagFilters })).ResourceTagMappingList ?? []).map(({ ResourceARN = "" }) =>
      ResourceARN.slice(ARN.length + 1),
    );

  it("finds what meets all filters, each by any of its values", async () => {
    expect(await found({ Key: "service", Values: ["shop"] })).toEqual(["a", "b"]);
    expect(
      await found({ Key: "service", Values: ["shop", "pay"] }, { Key: "stage", Values: ["production"] }),
    ).toEqual(["a", "c"]);
    expect(await found({ Key: "stage" })).toEqual(["a", "b", "c"]);
    expect(await found({ Key: "service", Values: ["Shop"] })).toEqual([]);
  });

  it("answers in pages, and says so with an empty token at the end", async () => {
    const first = await ask({ ResourcesPerPage: 2 });
    expect(first.ResourceTagMappingList).toHaveLength(2);
    const second = await ask({ ResourcesPerPage: 2, PaginationToken: first.PaginationToken });
    expect(second.ResourceTagMappingList?.map(({ ResourceARN }) => ResourceARN)).toEqual([`${ARN}:c`]);
    expect(second.PaginationToken).toBe("");
  });

  it("refuses by name what it keeps no tags of", async () => {
    await expect(ask({ ResourceTypeFilters: ["ec2:instance"] })).rejects.toMatchObject({
      name: "InvalidParameterException",
      message: expect.stringContaining("ec2:instance"),
    });
    await expect(ask({ IncludeComplianceDetails: true })).rejects.toThrow("IncludeComplianceDetails");
  });

  it("is asked by the adapter page by page, for names with colons as well", async () => {
    for (let n = 0; n < 60; n++) await put(`shop:api:${String(n).padStart(2, "0")}`, { team: "shop" });
    const alarms = new CloudWatchAlarms(inProcess(engine.kernel) as never, () => "" as never);
    const names = await alarms.tagged({ team: "shop" });
    expect(names).toHaveLength(60);
    expect(names).toContain("shop:api:59");
    expect(await alarms.tagged({ team: "shop", service: "shop" })).toEqual([]);
  });
});
