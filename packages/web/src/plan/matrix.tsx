import type { MatrixRow } from "@gonogo/client";
import { printed } from "../kit/format.ts";
import { Empty, Loading, Scroll, Section, Trouble } from "../kit/parts.tsx";
import { useLoaded } from "../kit/use-loaded.ts";
import { useSession } from "../session/session.tsx";

interface Props {
  readonly text: () => Promise<string>;
  /** Changes when the plan does. */
  readonly mark: string;
}

/** What the plan does when it looks bad: what is seen, what happens at once, and who decides. */
export function Matrix({ text, mark }: Props) {
  const { client } = useSession();
  const { value, error, again } = useLoaded(async () => client.matrix({ text: await text() }), [mark]);
  return (
    <Section title="Decision matrix">
      {value === undefined && error === undefined && <Loading what="the matrix" />}
      {error !== undefined && <Trouble error={error} retry={again} />}
      {value?.rows.length === 0 && <Empty>The plan has no triggers.</Empty>}
      {value !== undefined && value.rows.length > 0 && (
        <Scroll label="Decision matrix as a table">
          <table class="matrix">
            <thead>
              <tr>
                {["Response", "When", "Seen by", "At once", "Who decides", "Owner"].map((title) => (
                  <th key={title} scope="col">
                    {title}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {value.rows.map((row) => (
                <Row key={row.trigger} row={row} />
              ))}
            </tbody>
          </table>
        </Scroll>
      )}
    </Section>
  );
}

const TONES: Partial<Record<MatrixRow["respond"], string>> = {
  rollback: "bad",
  evaluate: "ask",
  reduce: "ask",
};

function Row({ row: { respond, when, by, happens, decides, within, onSilence, owner } }: { row: MatrixRow }) {
  return (
    <tr>
      <th scope="row">
        <span class={`badge ${TONES[respond] ?? "quiet"}`}>{respond}</span>
      </th>
      <td>{printed(when)}</td>
      <td>{by.length === 0 ? "a person who sees it" : by.join(", ")}</td>
      <td>{happens}</td>
      <td>
        {decides}
        {onSilence === "rollback" && <div class="quiet">silence for {within} means rollback</div>}
      </td>
      <td>{owner}</td>
    </tr>
  );
}
