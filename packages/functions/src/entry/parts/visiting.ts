import { alarms } from "./alarms.ts";
import { anchors } from "./anchors.ts";
import { channel } from "./channel.ts";
import { checks } from "./checks.ts";
import { metrics } from "./metrics.ts";
import { targets } from "./targets.ts";
import { writing } from "./writing.ts";

/** The parts of whatever visits a release to see what has come about, and writes it down. */
export const visiting = { ...writing, alarms, anchors, channel, checks, metrics, targets } as const;
