import { arn } from "../kernel/arn.ts";
import { type Input, optionalInteger, optionalText, refuseOthers, text } from "../kernel/checks.ts";
import type { Kernel } from "../kernel/kernel.ts";
import { page } from "../kernel/paging.ts";
import type { Log, Table } from "../kernel/store.ts";
import { AwsError } from "../kernel/wire.ts";
import { noSuchBus, paging } from "./buses.ts";
import { type BusEvent, type BusRecord, busArn, busNameOf } from "./model.ts";
import { matches, type Pattern, parsePattern } from "./pattern.ts";
import { checkPattern } from "./rules.ts";

export interface ArchiveRecord {
  readonly name: string;
  /** The log that holds its events. */
  readonly log: string;
  readonly busName: string;
  readonly description?: string;
  readonly pattern?: string;
  /** 0 keeps events for ever. */
  readonly retentionDays: number;
  readonly createdAt: number;
  readonly events: number;
  readonly bytes: number;
}

export const archiveArn = (name: string): string => arn("events", `archive/${name}`);

/** Archives keep a bus's events for a replay. https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-archive.html */
export class Archives {
  readonly log: Log<BusEvent>;
  #kernel: Kernel;
  #buses: Table<BusRecord>;
  #table: Table<ArchiveRecord>;
  #patterns = new Map<string, Pattern>();

  constructor(kernel: Kernel, buses: Table<BusRecord>) {
    this.#kernel = kernel;
    this.#buses = buses;
    this.#table = kernel.store.table<ArchiveRecord>("events/archives");
    this.log = kernel.store.log<BusEvent>("events/archived");
  }

  /** Keeps the event in every archive that wants it. What a replay sends is not kept again. */
  keep(busName: string, event: BusEvent): void {
    if (this.#table.size === 0 || event["replay-name"] !== undefined) return;
    for (const [key, archive] of this.#table.entries()) {
      if (archive.busName !== busName || !this.#wants(archive, event)) continue;
      const bytes = archive.bytes + Buffer.byteLength(JSON.stringify(event));
      this.log.append(archive.log, event);
      this.#table.set(key, { ...archive, events: archive.events + 1, bytes });
    }
  }

  find(name: string): ArchiveRecord | undefined {
    return this.#table.get(name);
  }

  create(input: Input): unknown {
    const served = ["ArchiveName", "EventSourceArn", "Description", "EventPattern", "RetentionDays"];
    refuseOthers("CreateArchive", input, served);
    const name = text(input, "ArchiveName", { min: 1, max: 48, pattern: /[.\-_A-Za-z0-9]+/ });
    const busName = busNameOf(text(input, "EventSourceArn", { min: 1, max: 1600 }));
    if (this.#buses.get(busName) === undefined) throw noSuchBus(busName);
    if (this.#table.get(name) !== undefined) {
      throw new AwsError("ResourceAlreadyExistsException", `Archive ${name} already exists.`);
    }
    const pattern = optionalText(input, "EventPattern", { max: 4096 });
    if (pattern !== undefined) checkPattern(pattern);
    const description = optionalText(input, "Description", { max: 512 });
    const archive: ArchiveRecord = {
      name,
      log: `${name}/${this.#kernel.random.uuid()}`,
      busName,
      ...(description === undefined ? {} : { description }),
      ...(pattern === undefined ? {} : { pattern }),
      retentionDays: optionalInteger(input, "RetentionDays", 0, 36_500) ?? 0,
      createdAt: this.#kernel.clock.now(),
      events: 0,
      bytes: 0,
    };
    this.#table.set(name, archive);
    return { ArchiveArn: archiveArn(name), State: "ENABLED", CreationTime: new Date(archive.createdAt) };
  }

  describe(input: Input): unknown {
    const archive = this.#require(input);
    return {
      ArchiveArn: archiveArn(archive.name),
      Description: archive.description,
      EventPattern: archive.pattern,
      ...summary(archive),
    };
  }

  list(input: Input): unknown {
    refuseOthers("ListArchives", input, ["NamePrefix", "EventSourceArn", "State", "NextToken", "Limit"]);
    const prefix = optionalText(input, "NamePrefix") ?? "";
    const source = optionalText(input, "EventSourceArn");
    const busName = source === undefined ? undefined : busNameOf(source);
    if (busName !== undefined && this.#buses.get(busName) === undefined) throw noSuchBus(busName);
    const state = optionalText(input, "State") ?? "ENABLED";
    const archives = this.#table
      .entries()
      .map(([, archive]) => archive)
      .filter(({ name }) => name.startsWith(prefix) && state === "ENABLED")
      .filter((archive) => busName === undefined || archive.busName === busName);
    const { items, ...rest } = page(archives, (archive) => archive.name, paging(input));
    return { Archives: items.map(summary), ...rest };
  }

  delete(input: Input): Record<string, never> {
    const archive = this.#require(input);
    this.#kernel.store.transaction(() => {
      this.log.delete(archive.log);
      this.#table.delete(archive.name);
    });
    this.#patterns.delete(archive.log);
    return {};
  }

  #require(input: Input): ArchiveRecord {
    const name = text(input, "ArchiveName", { min: 1, max: 48 });
    const archive = this.#table.get(name);
    if (archive !== undefined) return archive;
    throw new AwsError("ResourceNotFoundException", `Archive ${name} does not exist.`);
  }

  #wants(archive: ArchiveRecord, event: BusEvent): boolean {
    if (archive.pattern === undefined) return true;
    let pattern = this.#patterns.get(archive.log);
    if (pattern === undefined) {
      const parsed = parsePattern(archive.pattern);
      if (parsed.kind === "invalid") throw new Error(`stored archive ${archive.name}: ${parsed.message}`);
      pattern = parsed;
      this.#patterns.set(archive.log, pattern);
    }
    return matches(pattern, event);
  }
}

function summary(archive: ArchiveRecord) {
  return {
    ArchiveName: archive.name,
    EventSourceArn: busArn(archive.busName),
    State: "ENABLED",
    RetentionDays: archive.retentionDays,
    SizeBytes: archive.bytes,
    EventCount: archive.events,
    CreationTime: new Date(archive.createdAt),
  };
}
