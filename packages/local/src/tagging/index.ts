import {
  type Input,
  objects,
  optionalCount,
  optionalText,
  refuseOthers,
  text,
  texts,
} from "../cloudwatch/checks.ts";
import { page } from "../kernel/paging.ts";
import { AwsError, jsonService, type Service } from "../kernel/wire.ts";

/** Something that carries tags. */
export interface Tagged {
  readonly arn: string;
  readonly tags: Readonly<Record<string, string>>;
}

/** The one type of resource whose tags the engine keeps. */
const TYPES = ["cloudwatch", "cloudwatch:alarm"];

/**
 * The Resource Groups Tagging API, of what the engine keeps tags of: alarms.
 * https://docs.aws.amazon.com/resourcegroupstagging/latest/APIReference/API_GetResources.html
 */
export function createTagging(resources: () => readonly Tagged[]): { readonly service: Service } {
  const service = jsonService({
    name: "tagging",
    targetPrefix: "ResourceGroupsTaggingAPI_20170126",
    version: "1.1",
    operations: { GetResources: (input: Input) => getResources(resources(), input) },
  });
  return { service };
}

/** All of the filters, any of a filter's values; a filter without values is met by any. */
function getResources(all: readonly Tagged[], input: Input) {
  refuseOthers("GetResources", input, "ResourceTypeFilters TagFilters ResourcesPerPage PaginationToken");
  const other = texts(input, "ResourceTypeFilters").find((type) => !TYPES.includes(type));
  if (other !== undefined) {
    throw invalid(`ResourceTypeFilters: the embedded engine keeps no tags of ${other}, but of ${TYPES[1]}`);
  }
  const filters = objects(input, "TagFilters").map((filter) => ({
    key: text(filter, "Key", 128),
    values: texts(filter, "Values"),
  }));
  if (filters.length > 50) throw invalid("TagFilters must have at most 50 items");
  const found = all.filter(({ tags }) =>
    filters.every(({ key, values }) => {
      const value = tags[key];
      return value !== undefined && (values.length === 0 || values.includes(value));
    }),
  );
  const token = optionalText(input, "PaginationToken", 2048);
  const { items, NextToken = "" } = page(found, ({ arn }) => arn, {
    token: token === "" ? undefined : token,
    limit: optionalCount(input, "ResourcesPerPage", 100) ?? 50,
  });
  return {
    PaginationToken: NextToken,
    ResourceTagMappingList: items.map(({ arn, tags }) => ({
      ResourceARN: arn,
      Tags: Object.entries(tags).map(([Key, Value]) => ({ Key, Value })),
    })),
  };
}

function invalid(message: string): AwsError {
  return new AwsError("InvalidParameterException", message);
}
