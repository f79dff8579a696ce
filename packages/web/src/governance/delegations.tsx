import type { Gonogo } from "@gonogo/client";
import { useState } from "preact/hooks";
import { releaseAddress } from "../app/route.ts";
import { Countdown, Time } from "../clock/time.tsx";
import { AskForm } from "../kit/ask-form.tsx";
import { Field } from "../kit/field.tsx";
import { Empty, Load, Section } from "../kit/parts.tsx";
import { useKept } from "../kit/use-kept.ts";
import { WithReason } from "../kit/with-reason.tsx";
import { NamesProvider, Person } from "../person/names.tsx";
import { useSession } from "../session/session.tsx";
import { Command } from "../step/copy.tsx";
import { GOVERNANCE, type Lending, type Lent, lending } from "./people.ts";

/** Who speaks in whose place, and until when; and a form to let somebody speak in one's own. */
export function Delegations() {
  const { client, me } = useSession();
  const loaded = useKept(() => lending(client), []);
  return (
    <Load what="who speaks for whom" loaded={loaded}>
      {(known) => (
        <NamesProvider value={{ ...known.names, ...(me && { [me.id]: `${me.name} (you)` }) }}>
          <div class="columns">
            <Lents known={known} again={loaded.again} />
            <div>
              <Section title="Delegate a role">
                <Delegate known={known} again={loaded.again} />
              </Section>
              <Section title="Your id">
                <p class="quiet">Whoever delegates a role to you names you by it.</p>
                <Command text={me?.id ?? ""} name="your id" />
              </Section>
            </div>
          </div>
        </NamesProvider>
      )}
    </Load>
  );
}

interface Props {
  readonly known: Lending;
  readonly again: () => void;
}

function Lents({ known: { items }, again }: Props) {
  const { me } = useSession();
  const [whose, setWhose] = useState("all");
  const isMine = ({ from, to }: Lent) => from === me?.id || to === me?.id;
  const shown = whose === "all" ? items : items.filter(isMine);
  return (
    <Section title="Delegated now" aside={<span class="count">{shown.length}</span>}>
      <Field
        label="Show"
        value={whose}
        onInput={setWhose}
        options={[
          { value: "all", text: "everybody’s" },
          { value: "mine", text: "those that I gave or have" },
        ]}
      />
      {shown.length === 0 && <Empty>No role is delegated.</Empty>}
      <ul class="rows">
        {shown.map((one) => (
          <li key={one.key}>
            <div class="entry-line">
              <b>{one.role}</b>: <Person id={one.to} /> for <Person id={one.from} />
              <div class="quiet">
                {one.release === undefined ? (
                  "for every release"
                ) : (
                  <a href={releaseAddress(one.release, "gates")}>for {one.release}</a>
                )}
                {one.since !== undefined && (
                  <>
                    , from <Time at={one.since} />
                  </>
                )}
                , until <Time at={one.until} /> (<Countdown to={one.until} />)
              </div>
              {one.reason !== undefined && <div class="quiet">“{one.reason}”</div>}
              {(isMine(one) || (one.id !== undefined && me?.roles.includes(GOVERNANCE))) && (
                <Withdraw one={one} again={again} />
              )}
            </div>
          </li>
        ))}
      </ul>
    </Section>
  );
}

function Withdraw({ one: { id, release = "", role, to }, again }: { one: Lent; again: () => void }) {
  const { client } = useSession();
  const what = `the delegation of ${role}`;
  return (
    <WithReason
      verb="Withdraw"
      what={what}
      effect={
        <p>
          From now on <Person id={to} /> no longer signs or votes as {role}. What was signed until now stands.
        </p>
      }
      ask={(reason, key) =>
        id === undefined
          ? client.command(release, { command: { type: "EndDelegation", role, to }, reason }, key)
          : client.withdrawDelegation(id, reason, key)
      }
      said={`Withdrawn: ${what}`}
      again={again}
    />
  );
}

/** Which field a refusal is about. */
const ABOUT = {
  "delegation.not-your-role": "role",
  "delegation.unknown-role": "role",
  "delegation.to-self": "to",
  "delegation.partial": "to",
  "delegation.over": "until",
  "delegation.too-long": "until",
} as const;

function Delegate({ known: { names, active }, again }: Props) {
  const { client, me } = useSession();
  const roles = me?.roles ?? [];
  if (roles.length === 0) return <Empty>You hold no role that you could delegate.</Empty>;
  return (
    <AskForm
      key={me?.id}
      fields={[
        { name: "role", label: "Role", options: roles },
        {
          name: "release",
          label: "For",
          optional: true,
          options: [
            { value: "", text: "every release" },
            ...active.map(({ id, title }) => ({ value: id, text: `${id}, ${title}` })),
          ],
        },
        {
          name: "to",
          label: "To",
          hint: "Their id, psn_…; they find it on this page",
          known: Object.entries(names)
            .filter(([id]) => id !== me?.id)
            .map(([value, text]) => ({ value, text })),
        },
        { name: "until", label: "Until, in UTC", type: "datetime-local" },
      ]}
      initial={{ role: roles[0] ?? "" }}
      verb="Delegate"
      effect={({ role, release, to, until }) => (
        <p>
          {to === "" ? "Whoever you name" : <Person id={to.trim()} />} signs and votes as {role} in your place
          {release === "" ? ", in every release" : `, in ${release} alone`}
          {until !== "" && (
            <>
              , until <Time at={moment(until)} />
            </>
          )}
          . The two of you count once; it is not passed on.
        </p>
      )}
      ask={async ({ role, release, to, until, reason }, key) => {
        const wish = { role, to: to.trim(), until: moment(until) };
        return release === ""
          ? await client.delegate({ ...wish, reason }, key)
          : await client.command(release, { command: { type: "Delegate", ...(wish as Wish) }, reason }, key);
      }}
      said={({ role }) => `Delegated: ${role}`}
      about={ABOUT}
      done={again}
    />
  );
}

type Wish = Omit<Extract<Parameters<Gonogo["command"]>[1]["command"], { type: "Delegate" }>, "type">;

/** What a field for a day and a time says, as a moment in UTC. */
const moment = (local: string) => `${local}Z`;
