import type { ReleaseView } from "@gonogo/client";
import { Time } from "../clock/time.tsx";
import { Badge, Section } from "../kit/parts.tsx";
import { Person } from "../person/names.tsx";

/** What is put back, one by one, and what is left to do. */
export function Rollback({ view }: { readonly view: ReleaseView }) {
  const { rollback } = view;
  if (rollback === undefined) return null;
  const name = (id: string) => view.components.find((component) => component.id === id)?.name ?? id;
  const done = rollback.items.filter(({ status }) => status === "done").length;
  return (
    <Section
      title="Rollback"
      class="rollback"
      aside={<span class="count">{`${done} of ${rollback.items.length} put back`}</span>}
    >
      <p>
        {rollback.cause}. Begun <Time at={rollback.startedAt} /> by <Person id={rollback.by} />
        {rollback.endedAt !== undefined && (
          <>
            , ended <Time at={rollback.endedAt} />
          </>
        )}
        .
      </p>
      {rollback.left.length > 0 && (
        <div class="trouble">
          <p>Still to be done by hand:</p>
          <ul>
            {rollback.left.map((left) => (
              <li key={left}>{left}</li>
            ))}
          </ul>
        </div>
      )}
      <ul class="rows">
        {rollback.items.map((item) => (
          <li key={item.id}>
            <div>
              {item.kind === "target"
                ? `${name(item.component)} back on version ${item.call.previous}`
                : `${item.what} (${item.owner})`}
              <div class="quiet">
                {item.detail}
                {item.at !== undefined && (
                  <>
                    {" "}
                    <Time at={item.at} />
                  </>
                )}
              </div>
            </div>
            <Badge tone={item.status === "done" ? "good" : item.status === "failed" ? "bad" : "ask"}>
              {item.status}
            </Badge>
          </li>
        ))}
      </ul>
    </Section>
  );
}
