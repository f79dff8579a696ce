import type { ReleaseView } from "@gonogo/client";
import { Countdown, Time } from "../clock/time.tsx";
import { shortDigest } from "../kit/format.ts";
import { Badge, Empty, Section } from "../kit/parts.tsx";
import { Person } from "../person/names.tsx";

/** Checklist, approvals and the go/no-go vote. */
export function Gates({ view }: { readonly view: ReleaseView }) {
  return (
    <div class="columns">
      <Checklist view={view} />
      <div>
        <Approvals view={view} />
        <Poll view={view} />
      </div>
    </div>
  );
}

function Checklist({ view: { checklist } }: { readonly view: ReleaseView }) {
  const yes = checklist.filter(({ answer }) => answer === "yes").length;
  return (
    <Section title="Checklist" aside={<span class="count">{`${yes} of ${checklist.length}`}</span>}>
      {checklist.length === 0 && <Empty>The plan has no checklist.</Empty>}
      <ul class="rows">
        {checklist.map(({ id, check, role, answer, by, at, note, evidence }) => (
          <li key={id}>
            <div>
              {check}
              <div class="quiet">
                {role}
                <Signed by={by} at={at} />
              </div>
              {note !== undefined && <div>Note: {note}</div>}
              {evidence !== undefined && <div>Evidence: {evidence}</div>}
            </div>
            <Answer answer={answer} />
          </li>
        ))}
      </ul>
    </Section>
  );
}

function Answer({ answer }: { readonly answer: "yes" | "no" | undefined }) {
  if (answer === undefined) return <Badge tone="quiet">open</Badge>;
  return answer === "yes" ? <Badge tone="good">Yes</Badge> : <Badge tone="bad">No</Badge>;
}

function Approvals({ view: { approvals, planDigest } }: { readonly view: ReleaseView }) {
  return (
    <Section title="Approvals">
      <p class="quiet">
        Of the plan with the digest{" "}
        <code class="break" title={planDigest}>
          {shortDigest(planDigest)}
        </code>
      </p>
      {approvals.length === 0 && <Empty>The plan asks for no approval.</Empty>}
      <ul class="rows">
        {approvals.map(({ role, verdict, by, at, note }) => (
          <li key={role}>
            <div>
              {role}
              <div class="quiet">
                <Signed by={by} at={at} bare />
              </div>
              {note !== undefined && <div>Note: {note}</div>}
            </div>
            {verdict === undefined && <Badge tone="quiet">open</Badge>}
            {verdict === "given" && <Badge tone="good">given</Badge>}
            {verdict === "declined" && <Badge tone="bad">declined</Badge>}
          </li>
        ))}
      </ul>
    </Section>
  );
}

function Poll({ view: { poll } }: { readonly view: ReleaseView }) {
  if (poll === undefined) return null;
  return (
    <Section title="Go / no-go" aside={<Result poll={poll} />}>
      <p class="quiet">
        {poll.open ? "Closes " : "Opens "}
        <Time at={poll.open ? poll.closes : poll.opensAt} />{" "}
        {poll.result === undefined && (
          <>
            (<Countdown to={poll.open ? poll.closes : poll.opensAt} />)
          </>
        )}
        . Silence is not GO.
      </p>
      <ul class="board">
        {poll.votes.map(({ role, vote, by, at }) => (
          <li key={role} class={vote ?? "silent"}>
            <b>{role}</b>
            <span class="vote">{vote === undefined ? "–" : vote === "go" ? "✓ GO" : "✕ NO-GO"}</span>
            <span class="quiet">{vote === undefined ? "no vote yet" : <Signed by={by} at={at} bare />}</span>
          </li>
        ))}
      </ul>
    </Section>
  );
}

function Result({ poll }: { readonly poll: NonNullable<ReleaseView["poll"]> }) {
  if (poll.result === "go") return <Badge tone="good">GO</Badge>;
  if (poll.result === "no-go") return <Badge tone="bad">NO-GO</Badge>;
  return <Badge tone={poll.open ? "ask" : "quiet"}>{poll.open ? "open" : "not open yet"}</Badge>;
}

interface SignedProps {
  readonly by: string | undefined;
  readonly at: string | undefined;
  readonly bare?: boolean;
}

function Signed({ by, at, bare = false }: SignedProps) {
  if (by === undefined || at === undefined) return null;
  return (
    <>
      {!bare && " · "}
      <Person id={by} />, <Time at={at} />
    </>
  );
}
