import { AuditLog } from "../audit/log.tsx";
import { Time } from "../clock/time.tsx";
import { saveFile } from "../document/save.ts";
import { AskForm } from "../kit/ask-form.tsx";
import { shortDigest } from "../kit/format.ts";
import { Badge, Empty, Load, Section } from "../kit/parts.tsx";
import { useKept } from "../kit/use-kept.ts";
import { useSession } from "../session/session.tsx";
import { GOVERNANCE } from "./people.ts";

/** The log over all releases: what was signed of it, and whether it was found whole; the deployment's own; a name is erased here. */
export function Audit() {
  const { client } = useSession();
  const loaded = useKept(() => client.audit(), []);
  return (
    <>
      <div class="columns">
        <Section title="The log over all releases">
          <Load what="the log" loaded={loaded}>
            {({ origin, size, waiting, key, newest, verified }) => (
              <>
                <dl class="facts">
                  <div>
                    <dt>Its name</dt>
                    <dd>{origin}</dd>
                  </div>
                  <div>
                    <dt>Heads of logs in it</dt>
                    <dd>
                      {size}
                      {waiting > 0 && <span class="quiet">; {waiting} more wait to be anchored</span>}
                    </dd>
                  </div>
                  <div>
                    <dt>Signed last</dt>
                    <dd>
                      {newest === undefined ? (
                        "never yet"
                      ) : (
                        <>
                          <Time at={newest.checkpoint.at} />, over {newest.checkpoint.size}, root{" "}
                          <code>{shortDigest(newest.checkpoint.root)}</code>, by the key{" "}
                          <code>{shortDigest(newest.checkpoint.key)}</code>
                        </>
                      )}
                    </dd>
                  </div>
                  <div>
                    <dt>Verified last</dt>
                    <dd>
                      {verified === undefined ? (
                        "never yet"
                      ) : (
                        <>
                          <Badge tone={verified.found.length === 0 ? "good" : "bad"}>
                            {verified.found.length === 0 ? "whole" : `${verified.found.length} found`}
                          </Badge>{" "}
                          <Time at={verified.at} />, {verified.records} records of {verified.releases}{" "}
                          releases
                        </>
                      )}
                    </dd>
                  </div>
                </dl>
                {verified !== undefined && verified.found.length > 0 && (
                  <ul class="bullets wrong">
                    {verified.found.map(({ class: what, detail }) => (
                      <li key={detail}>
                        {what}: {detail}
                      </li>
                    ))}
                  </ul>
                )}
                {key !== undefined && (
                  <button type="button" onClick={() => saveFile("audit.pem", key, "application/x-pem-file")}>
                    The public key
                  </button>
                )}
              </>
            )}
          </Load>
        </Section>
        <Forget />
      </div>
      <AuditLog
        title="The deployment’s own log"
        of="deployment"
        mark=""
        load={(query) => client.deploymentRecords(query)}
        verify={() => client.verifyDeployment()}
      />
    </>
  );
}

function Forget() {
  const { client, me } = useSession();
  return (
    <Section title="Erase a name">
      {me?.roles.includes(GOVERNANCE) ? (
        <AskForm
          fields={[{ name: "person", label: "Their id", hint: "psn_…; records have it" }]}
          verb="Erase the name"
          tone="danger"
          effect={({ person }) => (
            <p>
              The name of {person.trim() || "whoever you name"} is erased everywhere and cannot be had back.
              The logs have the id alone: they stay whole.
            </p>
          )}
          ask={({ person, reason }, key) => client.forget(person.trim(), reason, key)}
          said={({ person }) => `Erased: the name of ${person.trim()}`}
          done={() => {}}
        />
      ) : (
        <Empty>People of the role {GOVERNANCE} have names erased.</Empty>
      )}
    </Section>
  );
}
