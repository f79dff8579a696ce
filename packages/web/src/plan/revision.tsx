import type { ForeseenRevision } from "@gonogo/client";
import { useEffect, useState } from "preact/hooks";
import { Told } from "../action/what-happens.tsx";
import { releaseAddress } from "../app/route.ts";
import { AskForm } from "../kit/ask-form.tsx";
import { Load, Section } from "../kit/parts.tsx";
import { useLoaded } from "../kit/use-loaded.ts";
import { useSession } from "../session/session.tsx";
import { Changes } from "./difference.tsx";

interface Props {
  readonly id: string;
  readonly text: string;
  readonly setText: (text: string) => void;
  /** Whether the text is a plan that could be submitted. */
  readonly isValid: boolean;
}

/** What a revision of a release's plan would change and make void, and a form to submit it. */
export function Revision({ id, text, setText, isValid }: Props) {
  const { client } = useSession();
  // The plan is read once, and what is typed is held against the digest that was read.
  const loaded = useLoaded(async () => {
    const [release, plan] = await Promise.all([client.release(id), client.planText(id)]);
    setText(plan);
    return release;
  }, [id]);
  return (
    <Section
      title="What the revision changes"
      aside={
        <button type="button" class="small" onClick={loaded.again}>
          Read its plan again
        </button>
      }
    >
      <Load what="the plan as it is" loaded={loaded}>
        {({ planDigest, revision }) => (
          <Form id={id} from={planDigest} revision={revision} text={text} isValid={isValid} />
        )}
      </Load>
    </Section>
  );
}

interface FormProps extends Omit<Props, "setText"> {
  readonly from: string;
  readonly revision: number;
}

function Form({ id, from, revision, text, isValid }: FormProps) {
  const { client } = useSession();
  const found = useForeseen(id, from, isValid ? text : undefined);
  if (!isValid) return <p class="quiet">Once the text is a valid plan, it says here what differs.</p>;
  if (found === undefined) return <p class="quiet">Comparing with revision {revision} …</p>;
  const changes = found instanceof Error ? [] : found.changes;
  return (
    <>
      {changes.length > 0 && (
        <>
          <p>
            {changes.length} {changes.length === 1 ? "field differs" : "fields differ"} from revision{" "}
            {revision}:
          </p>
          <Changes changes={changes} />
        </>
      )}
      {!(found instanceof Error) && changes.length === 0 && <p>Nothing differs from revision {revision}.</p>}
      {(found instanceof Error || changes.length > 0) && (
        <AskForm<never, object>
          fields={[]}
          verb="Submit the revision"
          disabled={found instanceof Error || !found.ok}
          effect={() => (
            <>
              <Told found={found} />
              <p>
                What was approved, voted and answered of the plan before falls, and whoever submits the
                revision approves nothing of it.
              </p>
            </>
          )}
          ask={({ reason }, key) => client.revise(id, { text, from, reason }, key)}
          said={() => `Revised: ${id}`}
          done={() => {
            location.hash = releaseAddress(id, "gates");
          }}
        />
      )}
    </>
  );
}

/** What the server says would come of it, a moment after the last key. */
function useForeseen(id: string, from: string, text: string | undefined) {
  const { client, live } = useSession();
  const [found, setFound] = useState<ForeseenRevision | Error>();
  useEffect(() => {
    let left = false;
    const look = async () => {
      if (text === undefined) return;
      const seen = await client
        .foreseeRevision(id, { text, from })
        .catch((error: unknown) => (error instanceof Error ? error : new Error(String(error))));
      if (!left) setFound(seen);
    };
    const timer = setTimeout(look, 300);
    // Who approves meanwhile loses that as well; who revises meanwhile is not written over.
    const unlisten = live.listen(id, () => void look());
    return () => {
      left = true;
      clearTimeout(timer);
      unlisten();
    };
  }, [client, live, id, from, text]);
  return found;
}
