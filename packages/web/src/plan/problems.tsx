import type { CheckedPlan } from "@gonogo/client";
import { Badge, type Tone } from "../kit/parts.tsx";

type Problem = CheckedPlan["problems"][number];

const TONES: Record<Problem["severity"], Tone> = { error: "bad", warning: "ask", info: "quiet" };

interface Props {
  readonly title: string;
  readonly problems: readonly Problem[];
  /** Moves to the place in the text; none where the text is not on the page. */
  readonly goTo: ((problem: Problem) => void) | undefined;
}

/** What is wrong, where, and what to do about it. */
export function Problems({ title, problems, goTo }: Props) {
  if (problems.length === 0) return null;
  return (
    <>
      <h3>{title}</h3>
      <ul class="rows problems">
        {problems.map((problem, index) => (
          <li key={`${problem.code} ${index}`}>
            <div>
              {problem.message}
              {problem.fix !== undefined && <div class="quiet">{problem.fix}</div>}
              <Where problem={problem} goTo={goTo} />
            </div>
            <Badge tone={TONES[problem.severity]}>{problem.severity}</Badge>
          </li>
        ))}
      </ul>
    </>
  );
}

function Where({ problem, goTo }: { readonly problem: Problem; readonly goTo: Props["goTo"] }) {
  const { place } = problem;
  if (place === undefined) return null;
  if (goTo === undefined) {
    return (
      <div class="quiet">
        {place.file}, line {place.line}
      </div>
    );
  }
  return (
    <button type="button" class="link" onClick={() => goTo(problem)}>
      Line {place.line}
    </button>
  );
}
