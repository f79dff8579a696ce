import type { Digest } from "../kit/digest.ts";
import type { Answer } from "../release/ports.ts";
import { erasedWords } from "./readable.ts";

/** The fingerprint of no request: by a real one a text that was guessed could be confirmed. */
const OF_NONE = `sha256:${"0".repeat(64)}` as Digest;

/** What a command was answered, of which a text is erased: its key was used, and that is all. */
export function withoutText({ rejection, seq }: Answer): Answer {
  return {
    fingerprint: OF_NONE,
    seq,
    ...(rejection === undefined ? {} : { rejection: { ...rejection, message: erasedWords() } }),
  };
}
