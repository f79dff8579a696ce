import { ApiError, type CheckedPolicy, type PolicyView } from "@gonogo/client";
import { useEffect, useRef, useState } from "preact/hooks";
import { Time } from "../clock/time.tsx";
import { AskForm } from "../kit/ask-form.tsx";
import { shortDigest } from "../kit/format.ts";
import { Badge, Empty, Load, Section } from "../kit/parts.tsx";
import { useKept } from "../kit/use-kept.ts";
import { WithReason } from "../kit/with-reason.tsx";
import { Problems } from "../plan/problems.tsx";
import { dropped, lineShown, TextBox } from "../plan/text-box.tsx";
import { useSession } from "../session/session.tsx";
import { differingLines, type Line } from "./lines.ts";
import { GOVERNANCE } from "./people.ts";

/** What the deployment demands of every plan: the policy in force, and a place to put another in force. */
export function PolicyPart() {
  const { client } = useSession();
  const [text, setText] = useState("");
  const loaded = useKept(() => client.policy(), []);
  return (
    <Load what="the policy" loaded={loaded}>
      {(view) => (
        <>
          <InForce view={view} again={loaded.again} change={setText} />
          <Another view={view} again={loaded.again} text={text} setText={setText} />
        </>
      )}
    </Load>
  );
}

interface Props {
  readonly view: PolicyView;
  readonly again: () => void;
}

function InForce({ view, again, change }: Props & { readonly change: (text: string) => void }) {
  const { client, me, announce } = useSession();
  const { inForce, yaml, policy, history } = view;
  const since = history.find(({ digest, withdrawn }) => digest === inForce && withdrawn === undefined);
  const take = async (digest: string) => {
    try {
      change((await client.policy(digest)).yaml ?? "");
      document.getElementById("policy-text")?.focus();
    } catch (trouble) {
      announce(trouble instanceof Error ? trouble.message : String(trouble), "bad");
    }
  };
  return (
    <div class="columns">
      <Section title="In force">
        {inForce === null ? (
          <Empty>No policy is in force: a plan is what it says itself.</Empty>
        ) : (
          <>
            <p>
              <b>{policy?.name}</b>
              {since !== undefined && (
                <>
                  , since <Time at={since.at} />, by {since.byName}: “{since.reason}”
                </>
              )}
            </p>
            <p class="quiet">
              Digest <code class="break">{inForce}</code>
            </p>
            <details>
              <summary>Read it</summary>
              <pre class="tall">
                <code>{yaml}</code>
              </pre>
            </details>
            {me?.roles.includes(GOVERNANCE) && (
              <WithReason
                verb="Withdraw"
                what="the policy"
                effect="From now on plans are taken as they are. What was submitted under the policy keeps it, and so do its revisions."
                ask={(reason, key) => client.withdrawPolicy(reason, key)}
                said="Withdrawn: the policy"
                again={again}
              />
            )}
          </>
        )}
      </Section>
      <Section title="History" aside={<span class="count">{history.length}</span>}>
        {history.length === 0 && <Empty>None was ever in force.</Empty>}
        <ul class="rows">
          {history.map(({ digest, name, at, byName, reason, withdrawn }) => (
            <li key={`${digest} ${at}`}>
              <div>
                {name} <code>{shortDigest(digest)}</code>
                <div class="quiet">
                  {byName}, <Time at={at} />: “{reason}”
                  {withdrawn !== undefined && (
                    <>
                      ; withdrawn <Time at={withdrawn.at} />: “{withdrawn.reason}”
                    </>
                  )}
                </div>
              </div>
              <span class="buttons">
                {digest === inForce && <Badge tone="good">in force</Badge>}
                <button type="button" class="small" onClick={() => take(digest)}>
                  Change<span class="hidden"> {name} into another</span>
                </button>
              </span>
            </li>
          ))}
        </ul>
      </Section>
    </div>
  );
}

interface AnotherProps extends Props {
  readonly text: string;
  readonly setText: (text: string) => void;
}

/** Another policy: what is wrong with it and what differs, beside its text, before it comes into force. */
function Another({ view, again, text, setText }: AnotherProps) {
  const { client, me } = useSession();
  const area = useRef<HTMLTextAreaElement>(null);
  const [over, setOver] = useState(false);
  const checked = usePolicyChecked(text);
  const take = (documents: readonly { text: string }[]) => setText(documents[0]?.text ?? "");
  const lines = differingLines(view.yaml ?? "", text);
  return (
    <div class={over ? "columns drop-zone over" : "columns"} {...dropped(take, setOver)}>
      <Section title="Put another in force">
        <TextBox
          id="policy-text"
          label="Policy in YAML"
          text={text}
          setText={setText}
          area={area}
          accept=".yaml,.yml,.json"
          take={take}
        >
          {view.yaml !== undefined && (
            <button type="button" onClick={() => setText(view.yaml ?? "")}>
              Begin with the one in force
            </button>
          )}
        </TextBox>
        {me?.roles.includes(GOVERNANCE) ? (
          <AskForm<never, object>
            fields={[]}
            verb="Put it in force"
            disabled={checked?.ok !== true || checked.digest === view.inForce}
            effect={() => (
              <p>
                {checked?.digest === view.inForce && view.inForce !== null
                  ? "It is in force already: nothing changes."
                  : "Whatever is submitted from that moment on is held to it. What was submitted before keeps the policy that it was submitted under."}
              </p>
            )}
            ask={({ reason }, key) => client.setPolicy({ text, reason }, key)}
            said={() => "In force: the policy"}
            done={() => {
              setText("");
              again();
            }}
          />
        ) : (
          <Empty>People of the role {GOVERNANCE} put a policy in force.</Empty>
        )}
      </Section>
      <div>
        <Section
          title="Problems"
          aside={
            checked !== undefined && (
              <Badge tone={checked.ok ? "good" : "bad"}>
                {checked.ok ? `valid, digest ${shortDigest(checked.digest ?? "")}` : "cannot be put in force"}
              </Badge>
            )
          }
        >
          {checked === undefined && <Empty>Nothing to check yet.</Empty>}
          {checked?.problems.length === 0 && <p>None.</p>}
          <Problems title="In the policy" problems={checked?.problems ?? []} goTo={lineShown(area)} />
        </Section>
        {text.trim() !== "" && (
          <Section title="What differs from the one in force">
            {lines.length === 0 ? <p>Nothing.</p> : <Lines lines={lines} />}
          </Section>
        )}
      </div>
    </div>
  );
}

function Lines({ lines }: { readonly lines: readonly Line[] }) {
  return (
    <pre class="lines tall">
      {lines.map(({ kind, text }, index) => {
        const Tag = kind === "gone" ? "del" : kind === "new" ? "ins" : "span";
        return <Tag key={`${index} ${text}`}>{text}</Tag>;
      })}
    </pre>
  );
}

/** Checks the text a moment after the last key. An answer to an earlier text is dropped. */
function usePolicyChecked(text: string): CheckedPolicy | undefined {
  const { client } = useSession();
  const [checked, setChecked] = useState<CheckedPolicy>();
  useEffect(() => {
    let left = false;
    if (text.trim() === "") return setChecked(undefined);
    const timer = setTimeout(async () => {
      try {
        const found = await client.checkPolicy({ text });
        if (!left) setChecked(found);
      } catch (error) {
        const { code, detail: message } =
          error instanceof ApiError ? error.problem : { code: "", detail: String(error) };
        if (!left) setChecked({ ok: false, problems: [{ code, severity: "error", message }] });
      }
    }, 400);
    return () => {
      left = true;
      clearTimeout(timer);
    };
  }, [client, text]);
  return checked;
}
