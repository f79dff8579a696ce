import {
  GetResourcesCommand,
  ResourceGroupsTaggingAPIClient,
} from "@aws-sdk/client-resource-groups-tagging-api";
import type { Tags } from "@gonogo/core/trigger/schema";
import type { AwsConfig } from "../aws/config.ts";

/** Pages of a hundred alarms each. What is on more is told as too many long before. */
const MOST_PAGES = 10;

/**
 * Finds alarms by their tags. CloudWatch itself tells the tags of one alarm at a time; the Resource Groups Tagging
 * API answers for all, a few seconds behind a change.
 * https://docs.aws.amazon.com/resourcegroupstagging/latest/APIReference/API_GetResources.html
 */
export class TaggedAlarms {
  readonly #client: ResourceGroupsTaggingAPIClient;

  constructor(config: AwsConfig) {
    this.#client = new ResourceGroupsTaggingAPIClient(config);
  }

  /** The names of the alarms, of metrics and composite, that carry all of these tags. */
  async find(tags: Tags): Promise<string[]> {
    const TagFilters = Object.entries(tags).map(([Key, value]) => ({ Key, Values: [value] }));
    const names: string[] = [];
    let PaginationToken: string | undefined;
    for (let page = 0; page < MOST_PAGES; page++) {
      const answer = await this.#client.send(
        new GetResourcesCommand({
          ResourceTypeFilters: ["cloudwatch:alarm"],
          TagFilters,
          ...(PaginationToken === undefined ? {} : { PaginationToken }),
        }),
      );
      for (const { ResourceARN } of answer.ResourceTagMappingList ?? []) names.push(...nameIn(ResourceARN));
      if (!answer.PaginationToken) break;
      PaginationToken = answer.PaginationToken;
    }
    return names;
  }
}

/** `arn:aws:cloudwatch:eu-west-1:123456789012:alarm:Api5xx`; a name may hold colons of its own. */
function nameIn(arn = ""): string[] {
  const [, name] = /^arn:[^:]+:cloudwatch:[^:]*:[^:]*:alarm:(.+)$/.exec(arn) ?? [];
  return name === undefined ? [] : [name];
}
