import { type Mentions, type Path, Reader } from "./reader.ts";

export interface ParsedProjection {
  readonly paths: readonly Path[];
  readonly mentions: Mentions;
}

/** A list of paths, such as `doc, holder.since, list[0]`. */
export function parseProjection(text: string): ParsedProjection {
  const reader = new Reader("ProjectionExpression", text);
  const paths = [reader.path()];
  while (reader.takes(",")) paths.push(reader.path());
  return { paths, mentions: reader.end() };
}
