import { type Looking, visit } from "../tasks/visit.ts";

/** An execution died before its end: the release is visited, and the visit starts it anew. */
export async function revive(
  runtime: Looking,
  { detail }: { detail: { input?: string | undefined; status: string } },
): Promise<void> {
  const release = releaseIn(detail.input);
  if (release === undefined) return;
  runtime.log.warn("an execution ended before its release did", { release, status: detail.status });
  await visit(runtime, { release });
}

/** Executions that are not ours have another input. */
function releaseIn(input: string | undefined): string | undefined {
  try {
    const parsed: unknown = JSON.parse(input ?? "null");
    if (typeof parsed !== "object" || parsed === null || !("release" in parsed)) return undefined;
    return typeof parsed.release === "string" ? parsed.release : undefined;
  } catch {
    return undefined;
  }
}
