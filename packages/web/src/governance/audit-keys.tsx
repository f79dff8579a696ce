import type { AuditLog } from "@gonogo/client";
import { Time } from "../clock/time.tsx";
import { saveFile } from "../document/save.ts";
import { shortDigest } from "../kit/format.ts";
import { useLoaded } from "../kit/use-loaded.ts";
import { WithReason } from "../kit/with-reason.tsx";
import { useSession } from "../session/session.tsx";
import { fingerprint } from "./fingerprint.ts";

interface Props {
  /** The public key that signs now. */
  readonly pem: string | undefined;
  readonly successions: AuditLog["successions"];
  readonly again: () => void;
}

/** Who has the log's key changed. */
const MAY = ["Release Manager", "Security Officer"];

/** The keys that the log was signed with, the first of them first, and how one handed over to the next. */
export function AuditKeys({ pem, successions, again }: Props) {
  const { client, me } = useSession();
  return (
    <>
      <h3>Its keys</h3>
      <ul class="rows">
        {successions.map(({ succession: { from, at, size, root } }) => (
          <li key={`${at} ${from}`}>
            <div>
              <Key pem={from} />
              <div class="quiet">
                until <Time at={at} />: handed over at {size} leaves, root <code>{shortDigest(root)}</code>,
                and both keys have signed that the log goes on
              </div>
            </div>
          </li>
        ))}
        {pem !== undefined && (
          <li>
            <div>
              <Key pem={pem} />
              <div class="quiet">signs now</div>
            </div>
          </li>
        )}
      </ul>
      {MAY.some((role) => me?.roles.includes(role)) && (
        <WithReason
          verb="Change"
          what="the key of the log"
          effect="From now on the log is signed with a new key, and both keys state together that it goes on: who has either verifies all of it. Where the key is not kept by this server, a deployment changes it."
          ask={(reason, key) => client.changeAuditKey(reason, key)}
          said="Asked for: another key"
          again={again}
        />
      )}
    </>
  );
}

function Key({ pem }: { readonly pem: string }) {
  const { value = "" } = useLoaded(() => fingerprint(pem), [pem]);
  const short = shortDigest(value);
  return (
    <div>
      <code title={value}>{short}</code>{" "}
      <button
        type="button"
        class="link"
        onClick={() => saveFile(`audit-${short}.pem`, pem, "application/x-pem-file")}
      >
        Public key<span class="hidden"> {short}</span>
      </button>
    </div>
  );
}
