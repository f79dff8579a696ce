import type { IntegrationView } from "@gonogo/client";
import { useEffect, useState } from "preact/hooks";
import { Countdown, Time } from "../clock/time.tsx";
import { Field } from "../kit/field.tsx";
import { Badge, Loading, Section, type Tone, Trouble } from "../kit/parts.tsx";
import { useLoaded } from "../kit/use-loaded.ts";
import { useSession } from "../session/session.tsx";

type Test = NonNullable<IntegrationView["test"]>;

const TONES: Record<Test["status"], Tone> = { waiting: "busy", passed: "good", failed: "bad", lost: "bad" };
/** How often it is asked what came of a test that is on its way. */
const PAUSE_MS = 700;

/** The systems whose alarms come in and the channels that messages go out to, each with a test by the real way. */
export function Integrations() {
  const { client, announce } = useSession();
  const { value, error, again } = useLoaded(() => client.integrations(), []);
  const [channel, setChannel] = useState("");
  useEffect(() => {
    if (!value?.items.some(({ test }) => test?.status === "waiting")) return;
    const timer = setTimeout(again, PAUSE_MS);
    return () => clearTimeout(timer);
  }, [value, again]);
  const begin = async (name: string) => {
    try {
      await client.testIntegration(name);
      announce(`The test of ${name} is on its way`);
    } catch (trouble) {
      announce(trouble instanceof Error ? trouble.message : String(trouble), "bad");
    }
    again();
  };
  return (
    <Section title="Integrations" class="integrations">
      <p class="quiet">
        A test alarm comes in as a real one does and reaches no release; a test message says that it is one.
      </p>
      {value === undefined && error === undefined && <Loading what="the integrations" />}
      {error !== undefined && <Trouble error={error} retry={again} />}
      <ul class="rows">
        {value?.items.map((item) => (
          <Row key={item.name} item={item} begin={begin} />
        ))}
      </ul>
      <form
        class="filters"
        onSubmit={(event) => {
          event.preventDefault();
          if (channel.trim() !== "") void begin(`channel:${channel.trim()}`);
        }}
      >
        <Field
          label="Another channel"
          value={channel}
          onInput={setChannel}
          hint="As plans name it, such as #releases"
        />
        <button type="submit">Test it</button>
      </form>
    </Section>
  );
}

interface RowProps {
  readonly item: IntegrationView;
  readonly begin: (name: string) => Promise<void>;
}

function Row({ item: { name, kind, about, testable, why, lastSeen, test }, begin }: RowProps) {
  const shown = kind === "channel" ? name.replace(/^channel:/, "") : name;
  return (
    <li>
      <div>
        <b>{shown}</b> <span class="quiet">{about}</span>
        <div class="quiet">
          {lastSeen === undefined ? (
            "Never seen"
          ) : (
            <>
              Last seen <Countdown to={lastSeen} />
            </>
          )}
          {why !== undefined && ` · ${why}`}
        </div>
        {test !== undefined && <Outcome test={test} />}
      </div>
      <div class="buttons">
        {test !== undefined && <Badge tone={TONES[test.status]}>{test.status}</Badge>}
        {testable && (
          <button
            type="button"
            class="small"
            disabled={test?.status === "waiting"}
            onClick={() => begin(name)}
          >
            Test<span class="hidden"> {shown}</span>
          </button>
        )}
      </div>
    </li>
  );
}

/** What came of a test, and when it was at each station. */
function Outcome({ test: { test, askedAt, endedAt, hops, says } }: { readonly test: Test }) {
  const asked = Date.parse(askedAt);
  const stations = [...hops, ...(endedAt === undefined ? [] : [{ hop: "recorded", at: endedAt }])];
  return (
    <div role="status">
      {says}
      <div class="quiet">
        {test}, asked <Time at={askedAt} />
        {stations.map(({ hop, at }) => `, ${hop} +${((Date.parse(at) - asked) / 1000).toFixed(1)} s`)}
      </div>
    </div>
  );
}
