import type { ArchivedRelease } from "../archive/port.ts";
import { digestOfBytes } from "../kit/digest.ts";

/** A file of an archive, as it lies in the evidence bucket. */
export function archivedFile(
  name: string,
  text: string,
  contentType = "text/markdown",
): ArchivedRelease["files"][number] {
  const bytes = new TextEncoder().encode(text);
  const key = `releases/REL-1/archive/${name}`;
  return { about: { name, digest: digestOfBytes(bytes), size: bytes.length, contentType, key }, text };
}
