import { arn } from "../kernel/arn.ts";
import { unsupported } from "./errors.ts";
import { parseUnqualified } from "./names.ts";

/** A function that is handed the records of a stream; see dynamodb/stream.ts, which does the handing. */
export interface Mapping {
  readonly uuid: string;
  readonly functionName: string;
  readonly sourceArn: string;
  readonly batchSize: number;
}

export interface MappingsInput {
  readonly FunctionName?: string;
  readonly EventSourceArn?: string;
  readonly Marker?: string;
}

/** Nothing has been handed over yet, in Lambda's words. */
const NOTHING_YET = "No records processed";

/** https://docs.aws.amazon.com/lambda/latest/api/API_ListEventSourceMappings.html */
export class Mappings {
  #mappings: { readonly mapping: Mapping; lastResult: string }[] = [];

  add(mapping: Mapping): (result: string) => void {
    const known = { mapping, lastResult: NOTHING_YET };
    this.#mappings.push(known);
    return (result) => {
      known.lastResult = result;
    };
  }

  list({ FunctionName, EventSourceArn, Marker }: MappingsInput) {
    if (Marker !== undefined) throw unsupported("ListEventSourceMappings", "Marker");
    const wanted = FunctionName === undefined ? undefined : parseUnqualified(FunctionName);
    const found = this.#mappings.filter(
      ({ mapping }) =>
        (wanted === undefined || mapping.functionName === wanted) &&
        (EventSourceArn === undefined || mapping.sourceArn === EventSourceArn),
    );
    return {
      EventSourceMappings: found.map(({ mapping, lastResult }) => ({
        UUID: mapping.uuid,
        FunctionArn: arn("lambda", `function:${mapping.functionName}`),
        EventSourceArn: mapping.sourceArn,
        BatchSize: mapping.batchSize,
        State: "Enabled",
        LastProcessingResult: lastResult,
      })),
    };
  }
}
