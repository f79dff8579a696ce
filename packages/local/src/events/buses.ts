import { type Input, invalid, optionalInteger, optionalText, refuseOthers, text } from "../kernel/checks.ts";
import type { Kernel } from "../kernel/kernel.ts";
import { page } from "../kernel/paging.ts";
import { AwsError } from "../kernel/wire.ts";
import type { BusTables } from "./bus.ts";
import { type BusRecord, busArn, busNameOf, DEFAULT_BUS } from "./model.ts";

export const nameRule = { min: 1, max: 64, pattern: /[.\-_A-Za-z0-9]+/ };
const busNameRule = { min: 1, max: 256, pattern: /[.\-_A-Za-z0-9]+/ };

/** The operations on event buses. The bus `default` is always there. */
export class Buses {
  #kernel: Kernel;
  #tables: BusTables;

  constructor(kernel: Kernel, tables: BusTables) {
    this.#kernel = kernel;
    this.#tables = tables;
    if (tables.buses.get(DEFAULT_BUS) === undefined) this.#write(DEFAULT_BUS, undefined);
  }

  /** The bus that an operation's EventBusName means, by name or ARN; the default one unless told. */
  named(input: Input, member = "EventBusName"): BusRecord {
    const name = busNameOf(optionalText(input, member, { min: 1, max: 1600 }) ?? DEFAULT_BUS);
    const bus = this.#tables.buses.get(name);
    if (bus === undefined) throw noSuchBus(name);
    return bus;
  }

  create(input: Input): unknown {
    refuseOthers("CreateEventBus", input, ["Name", "Description"]);
    const name = text(input, "Name", busNameRule);
    if (this.#tables.buses.get(name) !== undefined) {
      throw new AwsError("ResourceAlreadyExistsException", `Event bus ${name} already exists.`);
    }
    const bus = this.#write(name, optionalText(input, "Description", { max: 512 }));
    return { EventBusArn: bus.arn, Description: bus.description };
  }

  describe(input: Input): unknown {
    return shown(this.named(input, "Name"));
  }

  list(input: Input): unknown {
    refuseOthers("ListEventBuses", input, ["NamePrefix", "NextToken", "Limit"]);
    const prefix = optionalText(input, "NamePrefix", busNameRule) ?? "";
    const buses = this.#tables.buses.entries().map(([, bus]) => bus);
    const { items, ...rest } = page(
      buses.filter((bus) => bus.name.startsWith(prefix)),
      (bus) => bus.name,
      paging(input),
    );
    return { EventBuses: items.map(shown), ...rest };
  }

  delete(input: Input): Record<string, never> {
    const name = busNameOf(text(input, "Name", { min: 1, max: 256 }));
    if (name === DEFAULT_BUS) throw invalid("Cannot delete event bus default.");
    if (this.#tables.buses.get(name) === undefined) throw noSuchBus(name);
    if (this.#tables.rules.entries().some(([, rule]) => rule.busName === name)) {
      throw invalid(`Event bus ${name} can't be deleted since it has rules.`);
    }
    this.#tables.buses.delete(name);
    return {};
  }

  #write(name: string, description: string | undefined): BusRecord {
    const now = this.#kernel.clock.now();
    const bus = {
      name,
      arn: busArn(name),
      ...(description === undefined ? {} : { description }),
      createdAt: now,
      modifiedAt: now,
    };
    this.#tables.buses.set(name, bus);
    return bus;
  }
}

export function paging(input: Input): { token: string | undefined; limit: number } {
  return { token: optionalText(input, "NextToken"), limit: optionalInteger(input, "Limit", 1, 100) ?? 100 };
}

export function noSuchBus(name: string): AwsError {
  return new AwsError("ResourceNotFoundException", `Event bus ${name} does not exist.`);
}

function shown(bus: BusRecord): unknown {
  return {
    Name: bus.name,
    Arn: bus.arn,
    Description: bus.description,
    CreationTime: new Date(bus.createdAt),
    LastModifiedTime: new Date(bus.modifiedAt),
  };
}
