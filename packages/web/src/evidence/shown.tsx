import type { EvidenceFile } from "@gonogo/client";
import { useSession } from "../session/session.tsx";

interface Props {
  readonly release: string;
  readonly text?: string | undefined;
  readonly file?: EvidenceFile | undefined;
}

/** What was shown for an answer: words, a link of a kind that is safe to follow, or a file to save. */
export function Evidence({ release, text, file }: Props) {
  const { client, announce } = useSession();
  if (file !== undefined) {
    const save = async () => {
      try {
        const { download } = await client.evidence(release, file.digest);
        const link = document.createElement("a");
        link.href = download.url;
        link.download = file.name;
        link.click();
      } catch (error) {
        announce(error instanceof Error ? error.message : String(error), "bad");
      }
    };
    return (
      <span>
        <button type="button" class="link" onClick={save}>
          {file.name}
        </button>{" "}
        <span class="quiet">
          {Math.ceil(file.size / 1000)} KB, <code>{file.digest.slice(7, 19)}</code>
        </span>
      </span>
    );
  }
  if (text === undefined) return null;
  if (!/^https?:\/\/\S+$/.test(text)) return <span>{text}</span>;
  return (
    <a href={text} rel="noreferrer noopener" target="_blank">
      {text}
    </a>
  );
}
