import type { FunctionName } from "../deployment.ts";
import type { LambdaFactory } from "../lambda.ts";
import { alarm } from "./alarm.ts";
import { audit } from "./audit.ts";
import { begin } from "./begin.ts";
import { check } from "./check.ts";
import { checkpoint } from "./checkpoint.ts";
import { doctor } from "./doctor.ts";
import { effects } from "./effects.ts";
import { next } from "./next.ts";
import { park } from "./park.ts";
import { probe } from "./probe.ts";
import { publish } from "./publish.ts";
import { putBack } from "./put-back.ts";
import { putBackAlone } from "./put-back-alone.ts";
import { recordAlone } from "./record-alone.ts";
import { recordFailure } from "./record-failure.ts";
import { revive } from "./revive.ts";
import { service } from "./service.ts";
import { shift } from "./shift.ts";
import { signal } from "./signal.ts";
import { standBy } from "./stand-by.ts";
import { start } from "./start.ts";
import { sweep } from "./sweep.ts";
import { verify } from "./verify.ts";
import { visit } from "./visit.ts";
import { whatGoesBack } from "./what-goes-back.ts";

/** Every function but the API, which is an HTTP application (see api/). */
export const LAMBDAS: Readonly<Record<Exclude<FunctionName, "api">, LambdaFactory>> = {
  alarm,
  service,
  signal,
  "stand-by": standBy,
  publish,
  effects,
  visit,
  sweep,
  checkpoint,
  audit,
  revive,
  doctor,
  next,
  park,
  start,
  begin,
  check,
  probe,
  shift,
  "what-goes-back": whatGoesBack,
  "put-back": putBack,
  "record-failure": recordFailure,
  verify,
  "put-back-alone": putBackAlone,
  "record-alone": recordAlone,
};
