import type { PlanChange, ReleaseView } from "@gonogo/client";
import { releaseAddress } from "../app/route.ts";
import { Time } from "../clock/time.tsx";
import { plainWords } from "../kit/format.ts";
import { useLoaded } from "../kit/use-loaded.ts";
import { statusWords } from "../release/status.ts";
import { useSession } from "../session/session.tsx";

interface Props {
  readonly id: string;
  /** Against this revision of the same release, rather than against the last release. */
  readonly since?: number | undefined;
}

/** The revision to show this one against: the last that everybody had approved, or else the one before. */
export function revisionBefore({ approvedRevision, revision }: ReleaseView): number | undefined {
  if (approvedRevision !== undefined && approvedRevision < revision) return approvedRevision;
  return revision > 1 ? revision - 1 : undefined;
}

/** What this plan changes against the last release of the same component, field by field. */
export function Difference({ id, since }: Props) {
  const { client } = useSession();
  const { value, error } = useLoaded(
    () => client.difference(id, since === undefined ? {} : { revision: since }),
    [id, since],
  );
  if (error !== undefined) return <p class="quiet">The difference to the last release cannot be read now.</p>;
  if (value === undefined) return <p class="quiet">Comparing with the last release …</p>;
  const { with: earlier, changes } = value;
  if (earlier === undefined) {
    return <p class="quiet">No earlier release of these components is known: everything in it is new.</p>;
  }
  const what = earlier.revision === undefined ? earlier.id : `revision ${earlier.revision}`;
  return (
    <details class="difference" open={earlier.revision !== undefined}>
      <summary>
        {changes.length === 0
          ? `The same as ${what}`
          : `${changes.length} ${changes.length === 1 ? "field differs" : "fields differ"} from ${what}`}
      </summary>
      <p class="quiet">
        <a href={releaseAddress(earlier.id)}>{earlier.title}</a>, submitted <Time at={earlier.submittedAt} />:{" "}
        {statusWords(earlier.status, false).words.toLowerCase()}
      </p>
      <Changes changes={changes} />
    </details>
  );
}

/** What differs, field by field. */
export function Changes({ changes }: { readonly changes: readonly PlanChange[] }) {
  return (
    <dl class="changes">
      {changes.map((change) => (
        <Change key={change.path.join("/")} change={change} />
      ))}
    </dl>
  );
}

function Change({ change: { path, before, after } }: { readonly change: PlanChange }) {
  return (
    <div>
      <dt>{path.map((part, index) => (index === 0 ? plainWords(part) : part)).join(" › ")}</dt>
      {before !== undefined && (
        <dd>
          <del>
            <span class="hidden">before: </span>
            {before}
          </del>
        </dd>
      )}
      {after !== undefined && (
        <dd>
          <ins>
            <span class="hidden">now: </span>
            {after}
          </ins>
        </dd>
      )}
    </div>
  );
}
