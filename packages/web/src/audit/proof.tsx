import type { Verification } from "@gonogo/client";
import { useEffect, useState } from "preact/hooks";
import { shortDigest } from "../kit/format.ts";

interface Props {
  readonly ask: () => Promise<Verification>;
  readonly mark: string;
}

/** Whether the log is whole: the server walks the chain when this is opened, and when it is asked to. */
export function Proof({ ask, mark }: Props) {
  const [found, setFound] = useState<{ of: string; is: Verification | Error }>();
  const [busy, setBusy] = useState(false);
  const verify = async () => {
    setBusy(true);
    try {
      setFound({ of: mark, is: await ask() });
    } catch (error) {
      setFound({ of: mark, is: error instanceof Error ? error : new Error(String(error)) });
    } finally {
      setBusy(false);
    }
  };
  useEffect(() => void verify(), []);
  return (
    <div class="verify">
      <output aria-label="Verification">
        {found !== undefined && verdictOf(found.is)}
        {found !== undefined && found.of !== mark && <span class="quiet"> (more was recorded since)</span>}
      </output>
      <button type="button" onClick={verify} disabled={busy}>
        Verify
      </button>
    </div>
  );
}

function verdictOf(found: Verification | Error): string {
  if (found instanceof Error) return `✕ Could not verify: ${found.message}`;
  if (found.ok) {
    const head = found.head === undefined ? "" : `, head ${shortDigest(found.head)}`;
    const { anchored } = found;
    const kept =
      anchored === undefined ? "" : anchored === 0 ? ", not anchored yet" : `, anchored up to ${anchored}`;
    return `✓ The chain holds: ${found.records} records${head}${kept}`;
  }
  const at = found.found === undefined ? "" : ` (${found.found.class}) ${found.found.detail}`;
  return `✕ The chain is broken${at}`;
}
