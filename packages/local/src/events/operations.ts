import type { Input } from "../kernel/checks.ts";
import type { Kernel } from "../kernel/kernel.ts";
import type { Operation } from "../kernel/wire.ts";
import type { Archives } from "./archives.ts";
import type { Bus } from "./bus.ts";
import type { Buses } from "./buses.ts";
import { putEvents } from "./put-events.ts";
import type { Replays } from "./replays.ts";
import type { Rules } from "./rules.ts";
import type { Targets } from "./targets.ts";
import { testEventPattern } from "./test-event-pattern.ts";

/** The operations that are served. The kernel refuses all others by name. */
export function operations(
  kernel: Kernel,
  parts: { bus: Bus; buses: Buses; rules: Rules; targets: Targets; archives: Archives; replays: Replays },
): Readonly<Record<string, Operation>> {
  const { bus, buses, rules, targets, archives, replays } = parts;
  return {
    PutEvents: (input: Input) => putEvents(kernel, bus, input),
    TestEventPattern: (input: Input) => testEventPattern(input),
    CreateEventBus: (input: Input) => buses.create(input),
    DescribeEventBus: (input: Input) => buses.describe(input),
    ListEventBuses: (input: Input) => buses.list(input),
    DeleteEventBus: (input: Input) => buses.delete(input),
    PutRule: (input: Input) => rules.put(input),
    DescribeRule: (input: Input) => rules.describe(input),
    ListRules: (input: Input) => rules.list(input),
    DeleteRule: (input: Input) => rules.delete(input),
    EnableRule: (input: Input) => rules.setState(input, "ENABLED"),
    DisableRule: (input: Input) => rules.setState(input, "DISABLED"),
    PutTargets: (input: Input) => targets.put(input),
    ListTargetsByRule: (input: Input) => targets.list(input),
    RemoveTargets: (input: Input) => targets.remove(input),
    ListRuleNamesByTarget: (input: Input) => targets.rulesOf(input),
    CreateArchive: (input: Input) => archives.create(input),
    DescribeArchive: (input: Input) => archives.describe(input),
    ListArchives: (input: Input) => archives.list(input),
    DeleteArchive: (input: Input) => archives.delete(input),
    StartReplay: (input: Input) => replays.start(input),
    DescribeReplay: (input: Input) => replays.describe(input),
  };
}
