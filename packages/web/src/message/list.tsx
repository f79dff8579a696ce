import type { ReleaseView } from "@gonogo/client";
import { Time } from "../clock/time.tsx";
import { Badge, Empty, Section, type Tone } from "../kit/parts.tsx";

const TONES: Record<ReleaseView["messages"][number]["status"], Tone> = {
  planned: "quiet",
  due: "busy",
  sent: "good",
  failed: "bad",
  dropped: "quiet",
};

/** Who is told what, where and when. */
export function Messages({ view }: { readonly view: ReleaseView }) {
  const when = ({ at, plannedAt }: ReleaseView["messages"][number]) => at ?? plannedAt ?? "";
  const messages = view.messages.toSorted((a, b) => when(a).localeCompare(when(b)));
  return (
    <Section title="Messages">
      {messages.length === 0 && <Empty>The plan has no messages, and none was sent.</Empty>}
      <ul class="rows">
        {messages.map(({ id, text, audience, channel, status, at, plannedAt, detail }) => (
          <li key={id}>
            <div>
              <p class="message">{text}</p>
              <div class="quiet">
                To {audience} by {channel} · {at === undefined ? "planned " : ""}
                {(at ?? plannedAt) !== undefined && <Time at={at ?? plannedAt ?? ""} />}
              </div>
              {detail !== undefined && <div>{detail}</div>}
            </div>
            <Badge tone={TONES[status]}>{status}</Badge>
          </li>
        ))}
      </ul>
    </Section>
  );
}
