import { useSession } from "../session/session.tsx";
import { saveFile } from "./save.ts";

interface Props {
  readonly text: string;
  /** Of what it is, where there are several of the same name. */
  readonly of?: string;
  readonly make: () => Promise<{ readonly name: string; readonly text: string; readonly type: string }>;
}

/** A button that asks for a file and hands it to the viewer; why it cannot be had is said. */
export function Save({ text, of, make }: Props) {
  const { announce } = useSession();
  const save = async () => {
    try {
      const file = await make();
      saveFile(file.name, file.text, file.type);
    } catch (trouble) {
      announce(trouble instanceof Error ? trouble.message : String(trouble), "bad");
    }
  };
  return (
    <button type="button" onClick={save}>
      {text}
      {of !== undefined && <span class="hidden"> of {of}</span>}
    </button>
  );
}
