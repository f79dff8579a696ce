import type { DeploymentRecord } from "../deployment/events.ts";
import { evolveDeployment } from "../deployment/evolve.ts";
import { type DeploymentState, NEW_DEPLOYMENT } from "../deployment/state.ts";
import { metaOf } from "../release/evolve.ts";
import { readable } from "./readable.ts";

/** The state that the deployment's own log leads to, with words in the place of texts that are erased. */
export function foldDeployment(records: readonly DeploymentRecord[]): DeploymentState {
  return readable(records).reduce(
    (state, record) => evolveDeployment(state, record.event, metaOf(record)),
    NEW_DEPLOYMENT,
  );
}
