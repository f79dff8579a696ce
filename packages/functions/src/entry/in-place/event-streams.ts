/**
 * Stands in the bundles for the SDK's event streams, with which it reads answers that are a stream of events: none of
 * the operations that are called here has one. Whoever calls one that has is told.
 */
const refuse = (): never => {
  throw new Error("event streams are left out of the bundles: see packages/functions/bundle.ts");
};

/** Clients make one when they are made, whatever is called of them. */
export function eventStreamSerdeProvider() {
  return { serialize: refuse, deserialize: refuse };
}

export function resolveEventStreamSerdeConfig<T extends object>(input: T) {
  return Object.assign(input, { eventStreamMarshaller: eventStreamSerdeProvider() });
}

export class EventStreamSerde {
  constructor() {
    refuse();
  }
}
