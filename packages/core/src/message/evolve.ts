import type { MessageEvent } from "../release/events.ts";
import type { Meta } from "../release/evolve.ts";
import type { ReleaseState } from "../release/state.ts";

export function evolveMessages(state: ReleaseState, event: MessageEvent, meta: Meta): ReleaseState {
  const before = state.messages[event.message];
  const put = (message: ReleaseState["messages"][string]): ReleaseState => ({
    ...state,
    messages: { ...state.messages, [event.message]: message },
  });
  switch (event.type) {
    case "MessageDue": {
      const { channel, audience, text, links } = event;
      const base = { status: "due" as const, dueAt: meta.at, channel, audience, text, at: meta.at };
      return put(links === undefined ? base : { ...base, links });
    }
    case "MessageSent":
      return before === undefined
        ? state
        : put({ ...before, status: "sent", at: meta.at, detail: event.via });
    case "MessageFailed":
      return before === undefined
        ? state
        : put({ ...before, status: "failed", at: meta.at, detail: event.detail });
    case "MessageDropped":
      return put({
        ...(before ?? { dueAt: meta.at, channel: "", audience: "", text: "" }),
        status: "dropped",
        at: meta.at,
        detail: event.why,
      });
  }
}
