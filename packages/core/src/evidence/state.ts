import type { Plan } from "../plan/schema.ts";
import type { ReleaseState } from "../release/state.ts";
import type { EvidenceFile } from "./schema.ts";

/** Every file that stands as evidence in a release now, once each, in the order of the plan. */
export function filesOf(plan: Plan, state: ReleaseState): readonly EvidenceFile[] {
  const all = [
    ...plan.checklist.map(({ id }) => state.checks[id]?.file),
    ...plan.steps.map(({ id }) => state.steps[id]?.file),
    ...Object.values(state.validations).map(({ file }) => file),
  ].filter((file) => file !== undefined);
  return [...new Map(all.map((file) => [file.digest, file])).values()];
}

/** A file in a document: `load-test.pdf (sha256:9f86d081884c, 1.2 MB)`. */
export function describeFile({ name, digest, size }: EvidenceFile): string {
  const much =
    size < 1_000
      ? `${size} bytes`
      : size < 1_000_000
        ? `${(size / 1_000).toFixed(1)} kB`
        : `${(size / 1_000_000).toFixed(1)} MB`;
  return `${name} (${digest.slice(0, 19)}, ${much})`;
}

/** What somebody showed, in words. */
export function describeShown(shown: {
  readonly evidence?: string;
  readonly file?: EvidenceFile;
}): string | undefined {
  const said = [shown.evidence, shown.file === undefined ? undefined : describeFile(shown.file)];
  return said.filter((one) => one !== undefined).join("; ") || undefined;
}
