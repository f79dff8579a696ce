import type { Erasure } from "@gonogo/client";
import { useState } from "preact/hooks";
import { AskForm } from "../kit/ask-form.tsx";
import { Load } from "../kit/parts.tsx";
import { useLoaded } from "../kit/use-loaded.ts";
import { WhenOpened } from "../kit/when-opened.tsx";
import { useSession } from "../session/session.tsx";

/** Who has texts erased, as core/person says it. */
export const NAME_KEEPERS = ["Release Manager", "Data Protection Officer", "Privacy Officer"];

interface Props {
  /** A release's id, or `deployment`. */
  readonly log: string;
  readonly record: number;
}

/** Takes what somebody typed out of a record for good: shows first which texts that is, here and elsewhere. */
export function Erase({ log, record }: Props) {
  return (
    <WhenOpened
      summary={
        <>
          Erase what was typed<span class="hidden"> into record {record}</span>
        </>
      }
    >
      {() => <Form log={log} record={record} />}
    </WhenOpened>
  );
}

function Form({ log, record }: Props) {
  const { client } = useSession();
  const [only, setOnly] = useState(false);
  const [done, setDone] = useState<Erasure>();
  // A dry run records nothing, and its reason is not to repeat a text either.
  const loaded = useLoaded(
    () => client.erase(log, { record, only, reason: "—", dryRun: true }),
    [log, record, only, done],
  );
  return (
    <Load what="which texts it would be" loaded={loaded}>
      {({ status, texts }) => (
        <>
          <Texts texts={texts} />
          {status === "not asked" ? (
            <>
              <label class="inline">
                <input
                  type="checkbox"
                  checked={only}
                  onChange={(event) => setOnly(event.currentTarget.checked)}
                />
                Not what repeats them in other records
              </label>
              <AskForm<never, Erasure>
                fields={[]}
                verb={texts.length === 1 ? "Erase the text" : `Erase ${texts.length} texts`}
                tone="danger"
                effect={() =>
                  "They are gone once this is signed, within fifteen minutes, and cannot be had back. The chain stays whole. The reason stays on record: say nothing of the text in it."
                }
                ask={({ reason }, key) => client.erase(log, { record, only, reason }, key)}
                said={() => `Asked for: the texts of record ${record} erased`}
                done={setDone}
              />
            </>
          ) : (
            <p role="status">
              {status === "erased"
                ? "It is erased."
                : "It was asked for, and is done within fifteen minutes."}
            </p>
          )}
        </>
      )}
    </Load>
  );
}

function Texts({ texts }: Pick<Erasure, "texts">) {
  return (
    <ul class="bullets">
      {texts.map(({ seq, pointer, text }) => (
        <li key={`${seq} ${pointer}`}>
          Record {seq}, <code>{pointer}</code>
          {text !== undefined && `: “${text}”`}
        </li>
      ))}
    </ul>
  );
}
