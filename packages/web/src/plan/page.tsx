import { ApiError, type CheckedPlan, type CommandResult, type Document, type Preview } from "@gonogo/client";
import { useEffect, useRef, useState } from "preact/hooks";
import { releaseAddress } from "../app/route.ts";
import { shortDigest } from "../kit/format.ts";
import { Badge, Empty, Section, Trouble } from "../kit/parts.tsx";
import { useSession } from "../session/session.tsx";
import { TimelineChart } from "../timeline/chart.tsx";
import { previewLanes } from "../timeline/rows.ts";
import { Matrix } from "./matrix.tsx";
import { PreviewTable } from "./preview-table.tsx";
import { Problems } from "./problems.tsx";
import { Simulation } from "./simulation.tsx";
import { isMarkdown, lineStart, sortFiles } from "./texts.ts";

type Problem = CheckedPlan["problems"][number];

/** A plan before it is a release: checked, previewed, tried, submitted. */
export function PlanPage() {
  const { client, announce } = useSession();
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
  const drop = async (event: DragEvent) => {
    event.preventDefault();
    setOver(false);
    await take(await readAll(event.dataTransfer?.files));
  };
  const goTo = (problem: Problem) => {
    const at = lineStart(text, problem.place?.line ?? 1);
    const box = area.current;
    if (box === null) return;
    box.focus();
    box.setSelectionRange(at, Math.max(at, text.indexOf("\n", at)));
    // The line comes to a third of the box's height; a browser only scrolls to the caret when one types.
    const height = Number.parseFloat(getComputedStyle(box).lineHeight) || 20;
    box.scrollTop = Math.max(0, ((problem.place?.line ?? 1) - 1) * height - box.clientHeight / 3);
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

  return (
    <section
      class={over ? "drop-zone over" : "drop-zone"}
      aria-label="Plans"
      onDragOver={(event) => {
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={drop}
    >
      <h1 tabIndex={-1}>Plans</h1>
      <p>Check a plan, see its timeline and try it against an alarm before you submit it.</p>
      <div class="columns">
        <Section title="The plan">
          <div class="drop">
            <label for="plan-text">Plan in YAML, or a document in Markdown</label>
            <textarea
              id="plan-text"
              ref={area}
              class="code"
              rows={18}
              spellcheck={false}
              value={text}
              onInput={(event) => setText(event.currentTarget.value)}
              placeholder="Paste it here, or drop files"
            />
            <div class="buttons">
              <label class="button">
                Open files
                <input
                  class="hidden"
                  type="file"
                  multiple
                  accept=".yaml,.yml,.json,.md,.markdown,.txt"
                  onChange={async (event) => take(await readAll(event.currentTarget.files))}
                />
              </label>
              {isMarkdown("", text) && (
                <button type="button" onClick={() => take([{ name: "document.md", text }])}>
                  Make a plan of this document
                </button>
              )}
              {checked?.ok === true && checked.plan?.rehearse !== undefined && (
                <button type="button" onClick={() => go("Rehearsed as", client.rehearse({ text }))}>
                  Rehearse its way back
                </button>
              )}
              <button
                type="button"
                class="primary"
                disabled={checked?.ok !== true}
                onClick={() => go("Submitted", client.submit({ text }))}
              >
                Submit as a release
              </button>
            </div>
          </div>
          {error !== undefined && <Trouble error={error} />}
        </Section>
        <div>
          <Section title="Problems" aside={<CheckState checked={checked} />}>
            {text.trim() === "" && <Empty>Nothing to check yet.</Empty>}
            <Problems title="From the documents" problems={imported} goTo={undefined} />
            <Problems title="In the plan" problems={checked?.problems ?? []} goTo={goTo} />
            {checked?.ok === true && checked.problems.length === 0 && <p>None.</p>}
          </Section>
        </div>
      </div>
      {checked?.ok === true && preview !== undefined && checked.plan !== undefined && (
        <Simulation text={text} signals={signalsOf(checked)} rows={preview.rows} t={checked.plan.start} />
      )}
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

async function readAll(files: FileList | null | undefined): Promise<Document[]> {
  return await Promise.all(
    [...(files ?? [])].map(async (file) => ({ name: file.name, text: await file.text() })),
  );
}
