import { NAME_KEEPERS } from "../audit/erase.tsx";
import { AuditLog } from "../audit/log.tsx";
import { Time } from "../clock/time.tsx";
import { AskForm } from "../kit/ask-form.tsx";
import { shortDigest } from "../kit/format.ts";
import { Badge, Load, Section } from "../kit/parts.tsx";
import { useKept } from "../kit/use-kept.ts";
import { useSession } from "../session/session.tsx";
import { Command } from "../step/copy.tsx";
import { AuditKeys } from "./audit-keys.tsx";

/** The log over all releases: what was signed of it, and whether it was found whole; the deployment's own; a name is erased here. */
export function Audit() {
  const { client } = useSession();
  const loaded = useKept(() => client.audit(), []);
  return (
    <>
      <div class="columns">
        <Section title="The log over all releases">
          <Load what="the log" loaded={loaded}>
            {({ origin, size, waiting, key, newest, verified, successions }) => (
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
                <AuditKeys pem={key} successions={successions} again={loaded.again} />
              </>
            )}
          </Load>
        </Section>
        <div>
          <Section title="Erase a name">
            <Forget />
          </Section>
          <Section title="For an auditor">
            <p class="quiet">
              Everything that was signed, in one file that is verified without a server, by the public key
              alone:
            </p>
            <Command text="gonogo audit export --out audit.jsonl" name="export" />
          </Section>
        </div>
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

/** Everybody may have their own name erased; that of somebody else, those who keep the names. */
function Forget() {
  const { client, me } = useSession();
  const mayAny = NAME_KEEPERS.some((role) => me?.roles.includes(role));
  return (
    <AskForm
      key={me?.id}
      fields={mayAny ? [{ name: "person", label: "Whose, by their id", hint: "psn_…; records have it" }] : []}
      initial={{ person: mayAny ? "" : (me?.id ?? "") }}
      verb={mayAny ? "Erase the name" : "Erase your name"}
      tone="danger"
      effect={({ person }) => (
        <p>
          The name of {person.trim() || "whoever you name"}
          {person === me?.id && ", which is yours,"} is erased everywhere and cannot be had back. The logs
          have the id alone: they stay whole. Write no name into the reason.
        </p>
      )}
      ask={({ person, reason }, key) => client.forget(person.trim(), reason, key)}
      said={({ person }) => `Erased: the name of ${person.trim()}`}
      done={() => {}}
    />
  );
}
