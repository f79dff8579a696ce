import type { Gonogo, ReleaseView } from "@gonogo/client";
import { useState } from "preact/hooks";
import { Empty, Loading, Section, Trouble } from "../kit/parts.tsx";
import { useLoaded } from "../kit/use-loaded.ts";
import { useSession } from "../session/session.tsx";
import { Markdown } from "./render.tsx";
import { saveFile } from "./save.ts";
import { Save } from "./save-button.tsx";

/** The release's documents as they will be archived, to read, to print and to take along. */
export function Documents({ view, mark }: { readonly view: ReleaseView; readonly mark: string }) {
  const { client } = useSession();
  const { value, error, again } = useLoaded(() => client.documents(view.id), [view.id, mark]);
  const [chosen, setChosen] = useState(0);
  const documents = value?.documents ?? [];
  const shown = documents[Math.min(chosen, documents.length - 1)];
  return (
    <Section
      title="Documents"
      class="documents"
      aside={
        <span class="buttons">
          {shown !== undefined && (
            <button type="button" onClick={() => saveFile(shown.name, shown.text, "text/markdown")}>
              Markdown
            </button>
          )}
          <Save
            text="Plan"
            make={async () => ({
              name: `${view.id}.yaml`,
              text: await client.planText(view.id),
              type: "application/yaml",
            })}
          />
          <Save
            text="JSON"
            make={async () => ({
              name: `${view.id}.json`,
              text: JSON.stringify(await wholeRecord(client, view.id), null, 2),
              type: "application/json",
            })}
          />
          {view.endedAt !== undefined && (
            <Save
              text="Attestation"
              make={async () => ({
                name: `${view.id}.intoto.json`,
                text: JSON.stringify((await client.attestation(view.id)).envelope),
                type: "application/vnd.in-toto+json",
              })}
            />
          )}
          <button type="button" onClick={() => print()}>
            Print or PDF
          </button>
        </span>
      }
    >
      {value === undefined && error === undefined && <Loading what="the documents" />}
      {error !== undefined && <Trouble error={error} retry={again} />}
      {value !== undefined && documents.length === 0 && <Empty>The plan makes no document.</Empty>}
      {documents.length > 1 && (
        <fieldset class="choice">
          <legend class="hidden">Which document</legend>
          {documents.map(({ name }, index) => (
            <label key={name} class="inline">
              <input
                type="radio"
                name="document"
                checked={index === chosen}
                onChange={() => setChosen(index)}
              />
              {name}
            </label>
          ))}
        </fieldset>
      )}
      {shown !== undefined && (
        <article class="document" aria-label={shown.name}>
          <Markdown text={shown.text} />
        </article>
      )}
    </Section>
  );
}

/** The release with its plan and its log, as one file. */
async function wholeRecord(client: Gonogo, id: string): Promise<unknown> {
  const [release, plan, verification] = await Promise.all([
    client.release(id),
    client.planText(id),
    client.verify(id),
  ]);
  const { actions: _, ...record } = release;
  let page = await client.records(id, { limit: 500 });
  const records = [...page.items];
  while (page.next !== undefined) {
    page = await client.records(id, { limit: 500, after: page.next });
    records.push(...page.items);
  }
  return { release: record, plan, records, verification };
}
