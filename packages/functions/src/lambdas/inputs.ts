import type { AuditRecord } from "@gonogo/core/audit/schema";
import { instant } from "@gonogo/core/kit/schema";
import type { RollbackInput } from "@gonogo/core/release/ports";
import type { RevertCall } from "@gonogo/core/target/port";
import { Target } from "@gonogo/core/target/schema";
import { z } from "zod";
import type { NextInput, ParkInput } from "../tasks/waiting.ts";

/** What the functions are called with by the state machines, the buses, the stream and the schedules. */
const release = z.string().min(1).max(64);

export const ReleaseInput = z.object({ release });
export const StepInput = z.object({ release, step: z.string().min(1) });

const Asker = z.union([z.enum(["opening", "closing", "rollback"]), z.object({ lane: z.string() })]);
export const Next: z.ZodType<NextInput> = z.object({ release, asker: Asker });

export const Park = z.object({
  release,
  asker: Asker,
  token: z.string().min(1),
  wait: z.object({
    do: z.literal("wait"),
    for: z.string(),
    step: z.string().optional(),
    until: z.string().optional(),
  }),
}) as unknown as z.ZodType<ParkInput>;

const Call = z.object({
  component: z.string(),
  target: Target,
  previous: z.string(),
  next: z.string(),
  command: z.string(),
}) satisfies z.ZodType<RevertCall>;

export const Fence = z.object({ release, n: z.number().int(), again: z.boolean().optional() });
export const PutBack = z.object({ release, n: z.number().int(), item: z.string(), call: Call });
export const Failure = PutBack.extend({
  error: z.object({ Error: z.string().optional(), Cause: z.string().optional() }).optional(),
});
export const Verify = z.object({ release, n: z.number().int(), last: z.boolean() });
export const StandBy = z.object({ release, cause: z.string(), at: z.string(), calls: z.array(Call) });

export const Rollback: z.ZodType<RollbackInput> = z.object({
  release,
  n: z.number().int(),
  cause: z.string(),
  at: instant,
  calls: z.array(Call),
  alone: z.boolean(),
});
export const Alone = z.object({
  input: Rollback,
  results: z.array(z.object({ component: z.string(), ok: z.boolean(), detail: z.string() })),
});

/** An event on gonogo's bus whose detail is an audit record. */
export const Recorded = z.object({
  detail: z.custom<AuditRecord>((value) => typeof value === "object" && value !== null && "event" in value),
});

export const Stream = z.object({
  Records: z.array(
    z.object({
      eventName: z.string().optional(),
      dynamodb: z
        .object({
          SequenceNumber: z.string().optional(),
          NewImage: z.record(z.string(), z.object({ S: z.string().optional() })).optional(),
        })
        .optional(),
    }),
  ),
});

/** An execution that ended otherwise than it should; its input says of which release. */
export const Execution = z.object({ detail: z.object({ input: z.string().optional(), status: z.string() }) });
