import type { DeploymentRecord } from "@gonogo/core/deployment/events";
import { DEPLOYMENT, type DeploymentState } from "@gonogo/core/deployment/state";
import { foldDeployment } from "@gonogo/core/erasure/fold-deployment";
import { executeForDeployment } from "../execute-deployment.ts";
import { type ErasableLog, type Erasing, finishErasures } from "./erase.ts";

/** Finishes what is asked to be erased from the deployment's own log. */
export async function eraseOfDeployment(runtime: Erasing): Promise<void> {
  const log: ErasableLog<DeploymentRecord, DeploymentState> = {
    name: DEPLOYMENT,
    stands: () => runtime.store.deployment(),
    ask: (request) => executeForDeployment(runtime, request),
    take: (request, { seq }, records, erased) => {
      const cleansed = { seq, state: foldDeployment(records), erased };
      return executeForDeployment(runtime, { ...request, cleansed });
    },
  };
  await finishErasures(runtime, log);
}
