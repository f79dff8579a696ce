import type { Preview } from "@gonogo/client";
import { Time } from "../clock/time.tsx";
import { Scroll } from "../kit/parts.tsx";

/** The preview as text. */
export function PreviewTable({ rows }: { readonly rows: Preview["rows"] }) {
  return (
    <Scroll label="Timeline as a table">
      <table>
        <caption class="hidden">The plan's timeline if everybody is punctual and every watch passes</caption>
        <thead>
          <tr>
            <th scope="col">Offset</th>
            <th scope="col">What</th>
            <th scope="col">Owner</th>
            <th scope="col">Begins</th>
            <th scope="col">Ends</th>
          </tr>
        </thead>
        <tbody>
          {rows.map(({ at, offset, ends, endsOffset, what, owner, heldUpBy }, index) => (
            <tr key={`${at} ${index}`}>
              <td>{offset}</td>
              <td>
                {what}
                {heldUpBy.length > 0 && (
                  <div class="quiet">Later than planned: waits for {heldUpBy.join(", ")}</div>
                )}
              </td>
              <td>{owner}</td>
              <td>
                <Time at={at} />
              </td>
              <td>{ends === at ? "" : endsOffset}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </Scroll>
  );
}
