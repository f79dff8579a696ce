import type { Me, ReleaseView } from "@gonogo/client";
import { ActionButton } from "../action/button.tsx";
import { shortLabel } from "../action/groups.ts";
import type { Action } from "../action/inputs.ts";
import { Countdown, Time } from "../clock/time.tsx";
import { Evidence } from "../evidence/shown.tsx";
import { Badge, Empty, Section } from "../kit/parts.tsx";
import { Person } from "../person/names.tsx";
import { Difference, revisionBefore } from "../plan/difference.tsx";
import { Revisions } from "../plan/revisions.tsx";
import { useSession } from "../session/session.tsx";
import { approvalActions, checkActions, delegateActions, endActions, voteActions } from "./actions.ts";

interface Props {
  readonly view: ReleaseView;
  readonly choose: (action: Action) => void;
}

/** The go/no-go vote, approvals and the checklist, each with what the viewer may say to it. */
export function Gates({ view, choose }: Props) {
  return (
    <>
      <Poll view={view} choose={choose} />
      <div class="columns">
        <Approvals view={view} choose={choose} />
        <Checklist view={view} choose={choose} />
      </div>
      <Revisions view={view} />
    </>
  );
}

function Checklist({ view, choose }: Props) {
  const { me } = useSession();
  const { checklist } = view;
  const yes = checklist.filter(({ holds }) => holds).length;
  return (
    <Section title="Checklist" aside={<span class="count">{`${yes} of ${checklist.length}`}</span>}>
      {checklist.length === 0 && <Empty>The plan has no checklist.</Empty>}
      {checklist.length > 0 && (
        <span class="meter" aria-hidden="true">
          <span style={{ width: `${(yes / checklist.length) * 100}%` }} />
        </span>
      )}
      <ul class="rows">
        {checklist.map(
          ({ id, check, role, answer, by, at, note, evidence, file, holds, why, expires, probe }) => (
            <li key={id}>
              <div>
                {check}
                <div class="quiet">
                  {role}
                  <Signed by={by} at={at} />
                </div>
                {probe !== undefined && <Probe probe={probe} />}
                {!holds && why !== undefined && answer !== undefined && <div class="wrong">{why}</div>}
                {expires !== undefined && (
                  <div class="quiet">
                    Holds until <Time at={expires} /> (<Countdown to={expires} />)
                  </div>
                )}
                {note !== undefined && <div>Note: {note}</div>}
                {(evidence !== undefined || file !== undefined) && (
                  <div>
                    Evidence: <Evidence release={view.id} text={evidence} file={file} />
                  </div>
                )}
                <Buttons actions={checkActions(view, id, me)} choose={choose} />
              </div>
              <Answer answer={probe === undefined || answer === "no" ? answer : probe.answer} holds={holds} />
            </li>
          ),
        )}
      </ul>
    </Section>
  );
}

type CheckView = ReleaseView["checklist"][number];

/** What a probe looks at, what it saw, and how old that is. */
function Probe({ probe }: { readonly probe: NonNullable<CheckView["probe"]> }) {
  const { looksAt, saw, askedAt, nextLook, override } = probe;
  return (
    <div class="quiet">
      Asked by itself: {looksAt}
      {saw !== undefined && (
        <div>
          {saw.detail} ({saw.source})
        </div>
      )}
      {askedAt !== undefined && (
        <div>
          <Countdown to={askedAt} />
          {nextLook !== undefined && (
            <>
              ; next look <Countdown to={nextLook} />
            </>
          )}
        </div>
      )}
      {override !== undefined && (
        <div>
          Stepped over by <Person id={override.by} />
          {override.second === undefined ? (
            ", waits for a second person"
          ) : (
            <>
              {" "}
              and <Person id={override.second.by} />
            </>
          )}
          {override.reason !== undefined && `: “${override.reason}”`}
        </div>
      )}
    </div>
  );
}

interface AnswerProps {
  readonly answer: CheckView["answer"] | NonNullable<CheckView["probe"]>["answer"];
  readonly holds: boolean;
}

function Answer({ answer, holds }: AnswerProps) {
  if (answer === undefined) return <Badge tone="quiet">open</Badge>;
  if (answer === "no") return <Badge tone="bad">No</Badge>;
  if (answer !== "yes") return <Badge tone="ask">{answer}</Badge>;
  return holds ? <Badge tone="good">Yes</Badge> : <Badge tone="ask">Yes, but</Badge>;
}

function Approvals({ view, choose }: Props) {
  const { me } = useSession();
  const { approvals, delegations, planDigest, revision } = view;
  const lendable = delegateActions(view, me?.roles ?? [], Date.parse(view.now));
  const since = revisionBefore(view);
  return (
    <Section title="Approvals">
      <p>
        <span class="quiet">Of revision {revision} of the plan, digest </span>
        <code class="break">{planDigest}</code>
      </p>
      {since !== undefined && <Difference id={view.id} since={since} />}
      <Difference id={view.id} />
      {mayRevise(view, me) && (
        <p>
          <a class="button" href={`#/plans?revise=${encodeURIComponent(view.id)}`}>
            Revise the plan
          </a>
        </p>
      )}
      {approvals.length === 0 && <Empty>The plan asks for no approval.</Empty>}
      <ul class="rows">
        {approvals.map((approval) => (
          <li key={approval.role}>
            <div>
              <b>{approval.role}</b>
              {approval.or !== undefined && <span class="quiet"> or {approval.or.join(" or ")}</span>}
              {approval.needed > 1 && (
                <span class="quiet">
                  {" "}
                  · {approval.given} of {approval.needed} people
                </span>
              )}
              {approval.waitsFor !== undefined && approval.waitsFor.length > 0 && (
                <div class="quiet">After {approval.waitsFor.join(" and ")}</div>
              )}
              <Signatures approval={approval} delegations={delegations} />
              <Buttons actions={approvalActions(view, approval.role)} choose={choose} />
            </div>
            {approval.verdict === undefined && <Badge tone="quiet">open</Badge>}
            {approval.verdict === "given" && <Badge tone="good">given</Badge>}
            {approval.verdict === "declined" && <Badge tone="bad">declined</Badge>}
          </li>
        ))}
      </ul>
      {(delegations.length > 0 || lendable.length > 0) && <h3>Delegated</h3>}
      <Buttons actions={lendable} choose={choose} />
      {delegations.length > 0 && (
        <ul class="rows">
          {delegations.map(({ role, from, to, until, over, reason, everywhere }) => (
            <li key={`${role} ${from} ${to}`}>
              <div>
                {role}: <Person id={to} /> for <Person id={from} />, until <Time at={until} />
                {everywhere !== undefined && (
                  <>
                    , <a href="#/governance?part=delegations">for every release</a>
                  </>
                )}
                {reason !== undefined && <div class="quiet">“{reason}”</div>}
                <Buttons
                  actions={endActions(view, me?.id).filter(
                    ({ command }) =>
                      command.type === "EndDelegation" && command.role === role && command.to === to,
                  )}
                  choose={choose}
                />
              </div>
              <Badge tone={over ? "quiet" : "busy"}>{over ? "over" : "holds"}</Badge>
            </li>
          ))}
        </ul>
      )}
    </Section>
  );
}

/** Who may: whoever submitted it, its release manager, and who owns a phase; before it has started. */
function mayRevise({ status, requester, steps }: ReleaseView, me: Me | undefined): boolean {
  if (me === undefined || (status !== "gates" && status !== "ready")) return false;
  const owners = steps.filter(({ kind }) => kind === "phase").map(({ owner }) => owner);
  return me.id === requester || ["Release Manager", ...owners].some((role) => me.roles.includes(role));
}

const SIGNS = { given: "✓ approved", declined: "✕ declined", expired: "– expired" } as const;

interface SignaturesProps extends Pick<ReleaseView, "delegations"> {
  readonly approval: ReleaseView["approvals"][number];
}

function Signatures({ approval, delegations }: SignaturesProps) {
  return (
    <ul class="quiet">
      {approval.signatures.map(({ verdict, by, at, note, as, for: lender, expires }) => (
        <li key={`${by} ${at}`}>
          {SIGNS[verdict]}: <Person id={by} />
          {as !== undefined && ` as ${as}`}
          {lender !== undefined && (
            <>
              {" "}
              for <Person id={lender} />
              <By of={delegations.find((one) => one.from === lender && one.to === by && one.at <= at)} />
            </>
          )}
          , <Time at={at} />
          {expires !== undefined && verdict === "given" && (
            <>
              , holds until <Time at={expires} />
            </>
          )}
          {note !== undefined && <div>“{note}”</div>}
        </li>
      ))}
    </ul>
  );
}

/** The delegation that somebody signed by. */
function By({ of }: { readonly of: ReleaseView["delegations"][number] | undefined }) {
  if (of === undefined) return null;
  return (
    <>
      {" "}
      (delegated until <Time at={of.until} />
      {of.reason !== undefined && `: “${of.reason}”`})
    </>
  );
}

function Poll({ view, choose }: Props) {
  const { poll } = view;
  if (poll === undefined) return null;
  const voted = poll.votes.filter(({ vote }) => vote !== undefined).length;
  return (
    <Section title="Go / no-go" class="poll" aside={<Result poll={poll} />}>
      <p class="quiet">
        {`${voted} of ${poll.votes.length} have voted. `}
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
        {poll.votes.map(({ role, vote, by, at, reason }) => (
          <li key={role} class={vote ?? "silent"}>
            <b>{role}</b>
            <span class="vote">{vote === undefined ? "–" : VOTES[vote]}</span>
            <span class="quiet">{vote === undefined ? "no vote yet" : <Signed by={by} at={at} bare />}</span>
            {reason !== undefined && <span>“{reason}”</span>}
            <Buttons actions={voteActions(view, role).filter((one) => isOther(one, vote))} choose={choose} />
          </li>
        ))}
      </ul>
    </Section>
  );
}

const VOTES = { go: "✓ GO", "no-go": "✕ NO-GO", abstain: "○ ABSTAIN" } as const;

/** The same vote again says nothing. */
function isOther({ command }: Action, vote: keyof typeof VOTES | undefined): boolean {
  return command.type === "Vote" && command.vote !== vote;
}

function Result({ poll }: { readonly poll: NonNullable<ReleaseView["poll"]> }) {
  if (poll.result === "go") return <Badge tone="good">GO</Badge>;
  if (poll.result === "no-go") return <Badge tone="bad">NO-GO</Badge>;
  return <Badge tone={poll.open ? "ask" : "quiet"}>{poll.open ? "open" : "not open yet"}</Badge>;
}

interface ButtonsProps {
  readonly actions: readonly Action[];
  readonly choose: (action: Action) => void;
}

function Buttons({ actions, choose }: ButtonsProps) {
  if (actions.length === 0) return null;
  return (
    <div class="buttons">
      {actions.map((action) => (
        <ActionButton key={action.label} action={action} choose={choose} text={shortLabel(action)} />
      ))}
    </div>
  );
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
