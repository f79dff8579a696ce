import { arn } from "../kernel/arn.ts";
import {
  type Input,
  invalid,
  optionalObject,
  optionalText,
  optionalTime,
  refuseOthers,
  text,
} from "../kernel/checks.ts";
import type { Kernel } from "../kernel/kernel.ts";
import type { Table } from "../kernel/store.ts";
import { AwsError } from "../kernel/wire.ts";
import { type ArchiveRecord, type Archives, archiveArn } from "./archives.ts";
import type { Bus } from "./bus.ts";
import { type Buses, nameRule } from "./buses.ts";
import { type BusEvent, busArn } from "./model.ts";

interface ReplayRecord {
  readonly name: string;
  readonly description?: string;
  readonly archive: string;
  readonly busName: string;
  /** The rules to replay to; all of the bus unless given. */
  readonly filterArns?: readonly string[];
  readonly from: number;
  readonly to: number;
  readonly startedAt: number;
  readonly endedAt?: number;
  /** How many archived events have been looked at. */
  readonly position: number;
  readonly lastEventAt?: number;
  readonly state: "STARTING" | "RUNNING" | "COMPLETED";
}

const AT_ONCE = 100;
const DAY = 86_400_000;

/** Replays send archived events to their bus again, marked with `replay-name`; a restart goes on with them. */
export class Replays {
  #kernel: Kernel;
  #table: Table<ReplayRecord>;
  #parts: { archives: Archives; buses: Buses; bus: Bus };

  constructor(kernel: Kernel, parts: { archives: Archives; buses: Buses; bus: Bus }) {
    this.#kernel = kernel;
    this.#table = kernel.store.table<ReplayRecord>("events/replays");
    this.#parts = parts;
  }

  start(input: Input): unknown {
    const served = [
      "ReplayName",
      "Description",
      "EventSourceArn",
      "EventStartTime",
      "EventEndTime",
      "Destination",
    ];
    refuseOthers("StartReplay", input, served);
    const name = text(input, "ReplayName", nameRule);
    const destination = optionalObject(input, "Destination") ?? {};
    refuseOthers("StartReplay: Destination", destination, ["Arn", "FilterArns"]);
    const bus = this.#parts.buses.named({ Arn: text(destination, "Arn") }, "Arn");
    const archive = this.#archive(text(input, "EventSourceArn"));
    if (archive.busName !== bus.name) {
      throw invalid(
        "Parameter Destination.Arn is not valid. Reason: Cross event bus replay is not permitted.",
      );
    }
    const from = optionalTime(input, "EventStartTime");
    const to = optionalTime(input, "EventEndTime");
    if (from === undefined || to === undefined || from >= to) {
      throw invalid(
        "Parameter EventEndTime is not valid. Reason: EventStartTime must be before EventEndTime.",
      );
    }
    if (this.#table.get(name) !== undefined) {
      throw new AwsError("ResourceAlreadyExistsException", `Replay ${name} already exists.`);
    }
    const filter = destination.FilterArns;
    const description = optionalText(input, "Description", { max: 512 });
    const replay: ReplayRecord = {
      name,
      ...(description === undefined ? {} : { description }),
      archive: archive.name,
      busName: bus.name,
      ...(Array.isArray(filter) ? { filterArns: filter.map(String) } : {}),
      from,
      to,
      startedAt: this.#kernel.clock.now(),
      position: 0,
      state: "STARTING",
    };
    this.#table.set(name, replay);
    this.#begin(name);
    return {
      ReplayArn: replayArn(name),
      State: replay.state,
      ReplayStartTime: new Date(replay.startedAt),
    };
  }

  describe(input: Input): unknown {
    const name = text(input, "ReplayName", nameRule);
    const replay = this.#table.get(name);
    if (replay === undefined) {
      throw new AwsError("ResourceNotFoundException", `Replay ${name} does not exist.`);
    }
    const { lastEventAt, endedAt } = replay;
    return {
      ReplayName: name,
      ReplayArn: replayArn(name),
      Description: replay.description,
      State: replay.state,
      EventSourceArn: archiveArn(replay.archive),
      Destination: { Arn: busArn(replay.busName), FilterArns: replay.filterArns },
      EventStartTime: new Date(replay.from),
      EventEndTime: new Date(replay.to),
      EventLastReplayedTime: lastEventAt === undefined ? undefined : new Date(lastEventAt),
      ReplayStartTime: new Date(replay.startedAt),
      ReplayEndTime: endedAt === undefined ? undefined : new Date(endedAt),
    };
  }

  resume(): void {
    for (const [name, replay] of this.#table.entries()) if (replay.state !== "COMPLETED") this.#begin(name);
  }

  #archive(sourceArn: string): ArchiveRecord {
    const name = sourceArn.split(":archive/")[1] ?? sourceArn;
    const archive = this.#parts.archives.find(name);
    if (archive !== undefined) return archive;
    throw invalid(`Parameter EventSourceArn is not valid. Reason: Archive ${name} does not exist.`);
  }

  #begin(name: string): void {
    this.#kernel.activity.spawn(async () => {
      for (let more = true; more; ) {
        await Promise.resolve();
        more = this.#kernel.store.transaction(() => this.#some(name));
      }
    });
  }

  /** Replays the next of the archived events, and says whether there are more. */
  #some(name: string): boolean {
    const replay = this.#table.get(name);
    if (replay === undefined) return false;
    const archive = this.#parts.archives.find(replay.archive);
    const events =
      archive === undefined
        ? []
        : this.#parts.archives.log.read(archive.log, { from: replay.position + 1, limit: AT_ONCE });
    if (archive === undefined || events.length === 0) {
      this.#table.set(name, { ...replay, state: "COMPLETED", endedAt: this.#kernel.clock.now() });
      return false;
    }
    const due = events.filter((event) => this.#isDue(event, replay, archive));
    for (const event of due) {
      const only = replay.filterArns;
      this.#parts.bus.accept(
        replay.busName,
        { ...event, "replay-name": name },
        only === undefined ? {} : { only },
      );
    }
    const last = due.at(-1);
    this.#table.set(name, {
      ...replay,
      state: "RUNNING",
      position: replay.position + events.length,
      ...(last === undefined ? {} : { lastEventAt: Date.parse(last.time) }),
    });
    return true;
  }

  /** What is past its retention is not replayed; it stays on disk until the archive is deleted. */
  #isDue(event: BusEvent, replay: ReplayRecord, archive: ArchiveRecord): boolean {
    const at = Date.parse(event.time);
    const keptFrom = archive.retentionDays === 0 ? 0 : this.#kernel.clock.now() - archive.retentionDays * DAY;
    return at >= Math.max(replay.from, keptFrom) && at < replay.to;
  }
}

const replayArn = (name: string): string => arn("events", `replay/${name}`);
