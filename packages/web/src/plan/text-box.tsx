import type { CheckedPlan, Document } from "@gonogo/client";
import type { ComponentChildren, RefObject } from "preact";
import { lineStart } from "./texts.ts";

export type Problem = CheckedPlan["problems"][number];

interface Props {
  readonly id: string;
  readonly label: string;
  readonly text: string;
  readonly setText: (text: string) => void;
  readonly area: RefObject<HTMLTextAreaElement | null>;
  /** What a file's name may end in. */
  readonly accept: string;
  readonly multiple?: boolean;
  readonly take: (documents: readonly Document[]) => unknown;
  /** Buttons beside the one that opens files. */
  readonly children?: ComponentChildren;
}

/** A text that is typed, pasted or opened from files. */
export function TextBox({ id, label, text, setText, area, accept, multiple, take, children }: Props) {
  return (
    <div class="drop">
      <label for={id}>{label}</label>
      <textarea
        id={id}
        ref={area}
        class="code sheet"
        rows={18}
        spellcheck={false}
        value={text}
        onInput={(event) => setText(event.currentTarget.value)}
        placeholder="Paste it here, or drop files"
      />
      <div class="buttons">
        <label class="button">
          Open {multiple === true ? "files" : "a file"}
          <input
            class="hidden"
            type="file"
            multiple={multiple === true}
            accept={accept}
            onChange={async (event) => take(await readAll(event.currentTarget.files))}
          />
        </label>
        {children}
      </div>
    </div>
  );
}

/** What makes an element take files that are dropped on it. */
export function dropped(take: Props["take"], setOver: (isOver: boolean) => void) {
  return {
    onDragOver: (event: DragEvent) => {
      event.preventDefault();
      setOver(true);
    },
    onDragLeave: () => setOver(false),
    onDrop: async (event: DragEvent) => {
      event.preventDefault();
      setOver(false);
      await take(await readAll(event.dataTransfer?.files));
    },
  };
}

/** Moves to the line of a problem. */
export function lineShown(area: RefObject<HTMLTextAreaElement | null>) {
  return ({ place }: Problem) => {
    const box = area.current;
    if (box === null) return;
    const at = lineStart(box.value, place?.line ?? 1);
    box.focus();
    box.setSelectionRange(at, Math.max(at, box.value.indexOf("\n", at)));
    // The line comes to a third of the box's height; a browser only scrolls to the caret when one types.
    const height = Number.parseFloat(getComputedStyle(box).lineHeight) || 20;
    box.scrollTop = Math.max(0, ((place?.line ?? 1) - 1) * height - box.clientHeight / 3);
  };
}

async function readAll(files: FileList | null | undefined): Promise<Document[]> {
  return await Promise.all(
    [...(files ?? [])].map(async (file) => ({ name: file.name, text: await file.text() })),
  );
}
