import { STORE } from "@gonogo/functions/deployment";
import { StreamDelivery } from "../dynamodb/stream.ts";
import type { StreamSource } from "../dynamodb/stream-source.ts";
import { arn } from "../kernel/arn.ts";
import { functionArn } from "./deploy.ts";
import type { Engine } from "./engine.ts";

const BATCH = 100;

/** Hands the table's stream to the function that publishes it, as stacks/stream.ts does on AWS. */
export function publishing(engine: Engine, source: StreamSource): StreamDelivery {
  const tell = engine.lambda.reads({
    uuid: engine.kernel.random.uuid(),
    functionName: `gonogo-${STORE.streamTo}`,
    sourceArn: arn("dynamodb", `table/${STORE.table}/stream`),
    batchSize: BATCH,
  });
  return new StreamDelivery(engine.kernel, {
    invoker: engine.lambda.invoker,
    source,
    consumer: {
      name: STORE.streamTo,
      functionName: functionArn(STORE.streamTo),
      batchSize: BATCH,
      onOutcome: (ok) => tell(ok ? "OK" : "PROBLEM: Function call failed"),
    },
  });
}
