import { typeByName } from "@gonogo/core/evidence/types";
import { useState } from "preact/hooks";
import { useSession } from "../session/session.tsx";
import { evidenceText, referenceIn } from "./reference.ts";

interface Props {
  readonly id: string;
  readonly release: string;
  readonly value: string;
  readonly onInput: (value: string) => void;
}

const UPLOADING = "Uploading";

/** Whether a file is on its way within an element: what is sent then would go without it. */
export function isUploading(within: Element | null | undefined): boolean {
  return within?.querySelector("[aria-busy=true]") != null;
}

/** Words, a link, or a file: chosen, dropped, or a screenshot that is pasted. */
export function EvidenceField({ id, release, value, onInput }: Props) {
  const { client } = useSession();
  const [note, setNote] = useState("");
  const file = referenceIn(value);
  const take = async (given: File | undefined) => {
    if (given === undefined) return;
    // A pasted screenshot has a type and hardly a name.
    const name = given.name === "image.png" ? `screenshot-${Date.now()}.png` : given.name;
    const contentType = typeByName(name) ?? given.type;
    setNote(`${UPLOADING} ${name} …`);
    try {
      const body = new Uint8Array(await given.arrayBuffer());
      onInput(evidenceText(await client.attach(release, { name, contentType, body })));
      setNote("");
    } catch (error) {
      setNote(`Not taken: ${error instanceof Error ? error.message : String(error)}`);
    }
  };
  return (
    <section
      class="evidence"
      aria-label="Evidence"
      aria-busy={note.startsWith(UPLOADING)}
      onDragOver={(event) => event.preventDefault()}
      onDrop={(event) => {
        event.preventDefault();
        event.stopPropagation();
        void take(event.dataTransfer?.files[0]);
      }}
      onPaste={(event) => {
        const [pasted] = event.clipboardData?.files ?? [];
        if (pasted === undefined) return;
        event.preventDefault();
        void take(pasted);
      }}
    >
      {file === undefined ? (
        <textarea
          id={id}
          rows={1}
          value={value}
          placeholder="A link, a value; or drop a file, paste a screenshot"
          onInput={(event) => onInput(event.currentTarget.value)}
        />
      ) : (
        <p id={id}>
          <b>{file.name}</b> <code>{file.digest.slice(7, 19)}</code>{" "}
          <button type="button" class="link" onClick={() => onInput("")}>
            Take away<span class="hidden"> {file.name}</span>
          </button>
        </p>
      )}
      <label class="button small">
        Choose a file
        <input class="hidden" type="file" onChange={(event) => void take(event.currentTarget.files?.[0])} />
      </label>
      <output class="quiet">{note}</output>
    </section>
  );
}
