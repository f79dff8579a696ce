import type { LiveEvent } from "./contract.ts";

/**
 * The events in a stream of server-sent events, in their order. Lines that begin with a colon are there to
 * keep the connection open; they are told as `alive`, so that silence can be noticed.
 * https://html.spec.whatwg.org/multipage/server-sent-events.html#event-stream-interpretation
 */
export async function* readEvents(body: ReadableStream<Uint8Array>): AsyncGenerator<LiveEvent> {
  const reader = body.getReader();
  const decoder = new TextDecoder();
  let rest = "";
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      const blocks = (rest + decoder.decode(value, { stream: true })).split(/\r?\n\r?\n/);
      rest = blocks.pop() ?? "";
      for (const block of blocks) {
        const event = eventIn(block);
        if (event !== undefined) yield event;
      }
    }
  } finally {
    await reader.cancel().catch(() => {});
  }
}

function eventIn(block: string): LiveEvent | undefined {
  const fields = new Map<string, string>();
  for (const line of block.split(/\r?\n/)) {
    const colon = line.indexOf(":");
    fields.set(line.slice(0, Math.max(0, colon)), line.slice(colon + 1).trimStart());
  }
  const id = fields.get("id") ?? "";
  switch (fields.get("event")) {
    case "changed": {
      const { release, seq } = JSON.parse(fields.get("data") ?? "{}") as { release: string; seq: number };
      return { type: "changed", id, release, seq };
    }
    case "reset":
      return { type: "reset", id };
    default:
      return fields.has("") ? { type: "alive", id } : undefined;
  }
}
