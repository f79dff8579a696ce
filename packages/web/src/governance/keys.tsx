import type { KeyScope, KeyView } from "@gonogo/client";
import { SCOPES } from "@gonogo/core/key/scopes";
import { useState } from "preact/hooks";
import { Countdown, Time } from "../clock/time.tsx";
import { AskForm } from "../kit/ask-form.tsx";
import { Badge, Empty, Load, Section } from "../kit/parts.tsx";
import { useKept } from "../kit/use-kept.ts";
import { WithReason } from "../kit/with-reason.tsx";
import { useSession } from "../session/session.tsx";
import { Command } from "../step/copy.tsx";
import { GOVERNANCE } from "./people.ts";

const TONES = { good: "good", expired: "quiet", revoked: "bad" } as const;

/** The keys of tools: what each is for and when it was last used; a form that makes one. */
export function Keys() {
  const { client, me } = useSession();
  const loaded = useKept(() => client.keys(), []);
  const [isAll, setAll] = useState(false);
  const mayGive = me?.roles.includes(GOVERNANCE) === true;
  return (
    <div class="columns">
      <Section title="Keys of tools">
        <label class="inline">
          <input type="checkbox" checked={isAll} onChange={(event) => setAll(event.currentTarget.checked)} />
          Also those that are over
        </label>
        <Load what="the keys" loaded={loaded}>
          {(items) => {
            const shown = items.filter(({ state }) => isAll || state === "good");
            return (
              <>
                {shown.length === 0 && <Empty>No tool has a key.</Empty>}
                <ul class="rows">
                  {shown.map((one) => (
                    <li key={one.id}>
                      <Key one={one} mayEnd={mayGive || one.by === me?.id} again={loaded.again} />
                      <Badge tone={TONES[one.state]}>{one.state}</Badge>
                    </li>
                  ))}
                </ul>
              </>
            );
          }}
        </Load>
      </Section>
      <Section title="Give a tool a key">
        {mayGive ? (
          <NewKey again={loaded.again} />
        ) : (
          <Empty>People of the role {GOVERNANCE} give keys and withdraw them.</Empty>
        )}
      </Section>
    </div>
  );
}

interface KeyProps {
  readonly one: KeyView;
  readonly mayEnd: boolean;
  readonly again: () => void;
}

function Key({ one, mayEnd, again }: KeyProps) {
  const { client } = useSession();
  const { id, name, state, scopes, roles, createdAt, byName, reason, expiresAt, lastUsed, revoked } = one;
  return (
    <div class="entry-line">
      <b>{name}</b> <code>{id}</code>
      <div>
        {scopes.map((scope) => (
          <span key={scope} title={SCOPES[scope]}>
            <code>{scope}</code>{" "}
          </span>
        ))}
      </div>
      <div class="quiet">
        {roles.length === 0 ? "no role in plans" : `as ${roles.join(", ")}`} · made <Time at={createdAt} /> by{" "}
        {byName}: “{reason}”
      </div>
      <div class="quiet">
        {lastUsed === undefined ? (
          "never used"
        ) : (
          <>
            last used <Countdown to={lastUsed} />
          </>
        )}
        {" · "}
        {revoked === undefined ? (
          <>
            {state === "good" ? "ends" : "ended"} <Time at={expiresAt} /> (<Countdown to={expiresAt} />)
          </>
        ) : (
          <>
            withdrawn <Time at={revoked.at} />: “{revoked.reason}”
          </>
        )}
      </div>
      {mayEnd && state === "good" && (
        <WithReason
          verb="Withdraw"
          what={`the key ${name}`}
          effect={`The key ${name} opens nothing from this moment on. It cannot be given back.`}
          ask={(why, key) => client.revokeKey(id, why, key)}
          said={`Withdrawn: the key ${name}`}
          again={again}
        />
      )}
    </div>
  );
}

const LIVES = [
  { value: "7", text: "7 days" },
  { value: "30", text: "30 days" },
  { value: "90", text: "90 days" },
  { value: "365", text: "a year" },
];
const DAY_MS = 86_400_000;
const ABOUT = { "key.too-long": "days", "key.expired": "days" } as const;
/** Any number of them, written with commas between. */
const listIn = (text: string) => text.split(",").flatMap((one) => one.trim() || []);

function NewKey({ again }: { readonly again: () => void }) {
  const { client } = useSession();
  const [made, setMade] = useState<{ readonly token: string; readonly name: string }>();
  return (
    <>
      <AskForm
        fields={[
          { name: "name", label: "Name", hint: "What the logs call the tool, such as ci-orders" },
          { name: "days", label: "It ends after", options: LIVES },
          {
            name: "roles",
            label: "Roles in plans",
            hint: "Separated by commas; empty: none",
            optional: true,
          },
          {
            name: "scopes",
            label: "What it may be used for",
            choices: Object.entries(SCOPES).map(([value, text]) => ({ value, text })),
          },
        ]}
        initial={{ days: "90", scopes: "release:read" }}
        verb="Make the key"
        effect={({ name, days, scopes, roles }) => (
          <p>
            From now on and for {days} days, whoever holds this key may, as{" "}
            <b>{name || "the tool that you name"}</b>
            {listIn(roles).length > 0 && ` in the role ${listIn(roles).join(", ")}`}:{" "}
            {scopes === ""
              ? "nothing, until you choose what for"
              : scopes
                  .split(" ")
                  .map((one) => SCOPES[one as KeyScope])
                  .join("; ")}
            . It is shown once.
          </p>
        )}
        ask={({ name, days, roles, scopes, reason }, key) => {
          const expiresAt = new Date(Date.now() + Number(days) * DAY_MS).toISOString();
          const wish = { name, reason, expiresAt, roles: listIn(roles) };
          return client.createKey({ ...wish, scopes: scopes.split(" ").filter(Boolean) as KeyScope[] }, key);
        }}
        said={({ name }) => `Made: the key ${name}`}
        about={ABOUT}
        done={(answer) => {
          setMade(answer);
          again();
        }}
      />
      {made !== undefined && (
        <section class="foreseen" aria-label="The new key">
          <p>
            <b>The key of {made.name}.</b> It is shown this once: nobody can show it again.
          </p>
          <Command text={made.token} name={`the key ${made.name}`} />
          <p>
            <button type="button" onClick={() => setMade(undefined)}>
              I have it
            </button>
          </p>
        </section>
      )}
    </>
  );
}
