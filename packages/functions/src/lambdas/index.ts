import { Signal } from "@gonogo/core/signal/schema";
import { z } from "zod";
import type { FunctionName } from "../deployment.ts";
import { carryOut } from "../events/effects.ts";
import { publish } from "../events/publish.ts";
import { revive } from "../events/revive.ts";
import { receive } from "../events/signal.ts";
import { standBy } from "../events/stand-by.ts";
import { sweep } from "../events/sweep.ts";
import { type LambdaFactory, lambda } from "../lambda.ts";
import {
  putBack,
  putBackAlone,
  recordAlone,
  recordFailure,
  verify,
  whatGoesBack,
} from "../tasks/rollback.ts";
import { shift } from "../tasks/shift.ts";
import { start } from "../tasks/start.ts";
import { begin, check, probe } from "../tasks/steps.ts";
import { visit } from "../tasks/visit.ts";
import { answerNext, park } from "../tasks/waiting.ts";
import { alarm } from "./alarm.ts";
import * as inputs from "./inputs.ts";

/** Every function but the API, which is an HTTP application (see api/). */
export const LAMBDAS: Readonly<Record<Exclude<FunctionName, "api">, LambdaFactory>> = {
  alarm,
  signal: lambda("signal", z.object({ detail: Signal }), (runtime, { detail }) => receive(runtime, detail)),
  "stand-by": lambda("stand-by", inputs.StandBy, standBy),
  publish: lambda("publish", inputs.Stream, publish),
  effects: lambda("effects", inputs.Recorded, (runtime, { detail }) => carryOut(runtime, detail)),
  visit: lambda("visit", inputs.ReleaseInput, visit),
  sweep: lambda("sweep", z.unknown(), sweep),
  revive: lambda("revive", inputs.Execution, revive),
  next: lambda("next", inputs.Next, answerNext),
  park: lambda("park", inputs.Park, park),
  start: lambda("start", inputs.ReleaseInput, start),
  begin: lambda("begin", inputs.StepInput, begin),
  check: lambda("check", inputs.StepInput, check),
  probe: lambda("probe", inputs.StepInput, probe),
  shift: lambda("shift", inputs.StepInput, shift),
  "what-goes-back": lambda("what-goes-back", inputs.Fence, whatGoesBack),
  "put-back": lambda("put-back", inputs.PutBack, putBack),
  "record-failure": lambda("record-failure", inputs.Failure, recordFailure),
  verify: lambda("verify", inputs.Verify, verify),
  "put-back-alone": lambda("put-back-alone", inputs.Rollback, putBackAlone),
  "record-alone": lambda("record-alone", inputs.Alone, recordAlone),
};
