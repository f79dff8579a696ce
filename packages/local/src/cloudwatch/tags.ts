import type { Kernel } from "../kernel/kernel.ts";
import type { Table } from "../kernel/store.ts";
import { AwsError } from "../kernel/wire.ts";
import type { AlarmRecord } from "./alarm-model.ts";
import type { Alarms } from "./alarms.ts";
import { type Input, objects, refuseOthers, text, texts } from "./checks.ts";
import { missing, validation } from "./errors.ts";

type Tags = Readonly<Record<string, string>>;

const MOST_TAGS = 50;

/** The tags of alarms, which live beside them: a change of one is no change of the alarm. */
export class AlarmTags {
  readonly #alarms: Alarms;
  readonly #tags: Table<Tags>;

  constructor(kernel: Kernel, alarms: Alarms) {
    this.#alarms = alarms;
    this.#tags = kernel.store.table("cloudwatch/tags");
    alarms.onDelete = (name) => this.#tags.delete(name);
  }

  /** Of a new alarm; those given with a change of one that is there are ignored, as AWS does. */
  created(name: string, input: Input): void {
    const tags = tagsIn(input);
    if (Object.keys(tags).length > 0) this.#tags.set(name, tags);
  }

  of(name: string): Tags {
    return this.#tags.get(name) ?? {};
  }

  all(): { readonly arn: string; readonly tags: Tags }[] {
    return this.#alarms
      .all()
      .map(({ name, arn }) => ({ arn, tags: this.of(name) }))
      .filter(({ tags }) => Object.keys(tags).length > 0);
  }

  /** https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_TagResource.html */
  tag(input: Input): void {
    refuseOthers("TagResource", input, "ResourceARN Tags");
    const { name } = this.#alarm(input);
    const given = tagsIn(input);
    if (Object.keys(given).length === 0) throw missing("Tags");
    const tags = { ...this.of(name), ...given };
    if (Object.keys(tags).length > MOST_TAGS) throw validation(`an alarm has at most ${MOST_TAGS} tags`);
    this.#tags.set(name, tags);
  }

  /** https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_UntagResource.html */
  untag(input: Input): void {
    refuseOthers("UntagResource", input, "ResourceARN TagKeys");
    const { name } = this.#alarm(input);
    const keys = texts(input, "TagKeys");
    if (keys.length === 0) throw missing("TagKeys");
    const kept = Object.entries(this.of(name)).filter(([key]) => !keys.includes(key));
    this.#tags.set(name, Object.fromEntries(kept));
  }

  /** https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_ListTagsForResource.html */
  list(input: Input): { Tags: { Key: string; Value: string }[] } {
    refuseOthers("ListTagsForResource", input, "ResourceARN");
    const tags = this.of(this.#alarm(input).name);
    return { Tags: Object.entries(tags).map(([Key, Value]) => ({ Key, Value })) };
  }

  #alarm(input: Input): AlarmRecord {
    const arn = text(input, "ResourceARN", 1024);
    const found = this.#alarms.all().find((alarm) => alarm.arn === arn);
    if (found !== undefined) return found;
    throw new AwsError("ResourceNotFoundException", `there is no alarm ${arn}`, 404);
  }
}

/** Throws for tags that AWS would not take. */
export function tagsIn(input: Input): Tags {
  const given = objects(input, "Tags").map((tag): [string, string] => {
    const key = text(tag, "Key", 128);
    if (/^aws:/i.test(key)) throw validation(`the tag ${key} begins as AWS's own do`);
    if (tag.Value === "") return [key, ""];
    return [key, text(tag, "Value", 256)];
  });
  if (given.length > MOST_TAGS) throw validation(`Tags must have at most ${MOST_TAGS} items`);
  const tags = Object.fromEntries(given);
  if (Object.keys(tags).length < given.length) throw validation("Tags names one key twice");
  return tags;
}
