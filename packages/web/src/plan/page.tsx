import { ApiError, type CheckedPlan, type CommandResult, type Document, type Preview } from "@gonogo/client";
import { useEffect, useRef, useState } from "preact/hooks";
import { releaseAddress, useQuery } from "../app/route.ts";
import { Save } from "../document/save-button.tsx";
import { shortDigest } from "../kit/format.ts";
import { Badge, Empty, Section, Trouble } from "../kit/parts.tsx";
import { WhenOpened } from "../kit/when-opened.tsx";
import { useSession } from "../session/session.tsx";
import { TimelineChart } from "../timeline/chart.tsx";
import { previewLanes } from "../timeline/rows.ts";
import { Matrix } from "./matrix.tsx";
import { PreviewTable } from "./preview-table.tsx";
import { Problems } from "./problems.tsx";
import { Revision } from "./revision.tsx";
import { Simulation } from "./simulation.tsx";
import { dropped, lineShown, type Problem, TextBox } from "./text-box.tsx";
import { isMarkdown, sortFiles } from "./texts.ts";

/** A plan before it is a release: checked, previewed, tried, submitted. */
export function PlanPage() {
  const { client, announce } = useSession();
  const [query] = useQuery();
  /** The release whose plan is revised; none where a new one is begun. */
  const of = query.get("revise") ?? "";
  const [text, setText] = useState("");
  const [imported, setImported] = useState<readonly Problem[]>([]);
  const [error, setError] = useState<unknown>();
  const [over, setOver] = useState(false);
  const area = useRef<HTMLTextAreaElement>(null);
  const { checked, preview } = useChecked(text);

  const take = async (documents: readonly Document[]) => {
    setError(undefined);
    setImported([]);
    const sorted = sortFiles(documents);
    try {
      switch (sorted.kind) {
        case "plan":
          return setText(sorted.document.text);
        case "mixed":
          return setError(new Error("Drop one plan in YAML, or one or more Markdown documents, not both."));
        case "documents": {
          const answer = await client.import(sorted.documents);
          setImported(answer.problems);
          if (answer.yaml !== undefined) setText(answer.yaml);
          announce(
            answer.yaml === undefined ? "No plan could be made." : "A plan was made of the documents.",
          );
        }
      }
    } catch (trouble) {
      setError(trouble);
    }
  };
  const go = async (what: string, asked: Promise<CommandResult>) => {
    setError(undefined);
    try {
      const { release } = await asked;
      announce(`${what}: ${release}`);
      location.hash = releaseAddress(release);
    } catch (trouble) {
      setError(trouble);
    }
  };

  const plan = checked?.plan;
  const trial =
    checked?.ok === true && preview !== undefined && plan !== undefined
      ? () => <Simulation text={text} signals={signalsOf(checked)} rows={preview.rows} t={plan.start} />
      : undefined;

  return (
    <section class={over ? "drop-zone over" : "drop-zone"} aria-label="Plans" {...dropped(take, setOver)}>
      <h1 tabIndex={-1}>{of === "" ? "Plans" : `Revise the plan of ${of}`}</h1>
      <p>
        {of === ""
          ? "Check a plan, see its timeline and try it against an alarm before you submit it."
          : "Change its plan below, or give another; it is checked, compared and tried here before it is submitted."}
      </p>
      <div class="columns">
        <Section title="The plan">
          <TextBox
            id="plan-text"
            label="Plan in YAML, or a document in Markdown"
            text={text}
            setText={setText}
            area={area}
            accept=".yaml,.yml,.json,.md,.markdown,.txt"
            multiple
            take={take}
          >
            <Save
              text="Schema for editors"
              make={async () => ({
                name: "gonogo-plan.schema.json",
                text: JSON.stringify(await client.planSchema(), null, 2),
                type: "application/schema+json",
              })}
            />
            {isMarkdown("", text) && (
              <button type="button" onClick={() => take([{ name: "document.md", text }])}>
                Make a plan of this document
              </button>
            )}
            {of === "" && checked?.ok === true && checked.plan?.rehearse !== undefined && (
              <button type="button" onClick={() => go("Rehearsed as", client.rehearse({ text }))}>
                Rehearse its way back
              </button>
            )}
            {of === "" && (
              <button
                type="button"
                class="primary"
                disabled={checked?.ok !== true}
                onClick={() => go("Submitted", client.submit({ text }))}
              >
                Submit as a release
              </button>
            )}
          </TextBox>
          {error !== undefined && <Trouble error={error} />}
        </Section>
        <div>
          <Section title="Problems" aside={<CheckState checked={checked} />}>
            {text.trim() === "" && <Empty>Nothing to check yet.</Empty>}
            <Problems title="From the documents" problems={imported} goTo={undefined} />
            <Problems title="In the plan" problems={checked?.problems ?? []} goTo={lineShown(area)} />
            {checked?.ok === true && checked.problems.length === 0 && <p>None.</p>}
          </Section>
          {of !== "" && <Revision id={of} text={text} setText={setText} isValid={checked?.ok === true} />}
        </div>
      </div>
      {trial !== undefined &&
        (of === "" ? trial() : <WhenOpened summary="Try it against an alarm">{trial}</WhenOpened>)}
      {checked?.ok === true && <Matrix text={async () => text} mark={checked.digest ?? text} />}
      {preview !== undefined && checked?.plan !== undefined && (
        <Section title="Timeline preview">
          <TimelineChart
            lanes={previewLanes(preview.rows)}
            t={checked.plan.start}
            table="the table under the chart"
          />
          <PreviewTable rows={preview.rows} />
        </Section>
      )}
    </section>
  );
}

function CheckState({ checked }: { readonly checked: CheckedPlan | undefined }) {
  if (checked === undefined) return null;
  if (!checked.ok) return <Badge tone="bad">cannot be submitted</Badge>;
  return (
    <Badge tone="good">
      valid{checked.digest !== undefined && `, digest ${shortDigest(checked.digest)}`}
    </Badge>
  );
}

function signalsOf(checked: CheckedPlan): string[] {
  const triggers = checked.plan?.triggers ?? [];
  return [...new Set(triggers.flatMap(({ signals = [] }) => signals.flatMap(({ name }) => name ?? [])))];
}

/** Checks the text a moment after the last key. An answer to an earlier text is dropped. */
function useChecked(text: string): { checked?: CheckedPlan; preview?: Preview } {
  const { client } = useSession();
  const [state, setState] = useState<{ checked?: CheckedPlan; preview?: Preview }>({});
  useEffect(() => {
    let left = false;
    if (text.trim() === "" || isMarkdown("", text)) {
      setState({});
      return;
    }
    const timer = setTimeout(async () => {
      try {
        const checked = await client.check({ text });
        if (left) return;
        if (!checked.ok) return setState({ checked });
        const preview = await client.preview({ text });
        if (!left) setState({ checked, preview });
      } catch (error) {
        if (!left && error instanceof ApiError) setState({ checked: refused(error) });
      }
    }, 400);
    return () => {
      left = true;
      clearTimeout(timer);
    };
  }, [text, client]);
  return state;
}

function refused({ problem }: ApiError): CheckedPlan {
  const own: Problem = { code: problem.code, severity: "error", message: problem.detail };
  return { ok: false, problems: problem.problems ?? [own] };
}
