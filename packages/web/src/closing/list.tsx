import type { ReleaseView } from "@gonogo/client";
import { Countdown, Time } from "../clock/time.tsx";
import { Evidence } from "../evidence/shown.tsx";
import { Badge, Section, type Tone } from "../kit/parts.tsx";
import { Person } from "../person/names.tsx";

type Act = ReleaseView["closing"][number];

const TONES: Record<Act["status"], Tone> = {
  planned: "quiet",
  open: "ask",
  failed: "bad",
  overdue: "bad",
  done: "good",
};

/** What closes a release: the pages, tickets and reviews that its plan asks for, and where it is archived. */
export function Closing({ view }: { readonly view: ReleaseView }) {
  const { closing, archive } = view;
  if (closing.length === 0 && archive === undefined) return null;
  const done = closing.filter(({ status }) => status === "done").length;
  return (
    <Section
      title="Closing"
      aside={closing.length > 0 && <span class="count">{`${done} of ${closing.length}`}</span>}
    >
      <ul class="rows">
        {closing.map((act) => (
          <li key={act.id}>
            <div>
              {act.what}
              <div class="quiet">
                {act.channel === undefined
                  ? act.owner
                  : `by itself, through ${act.channel}; else ${act.owner}`}
                {act.required && " · the release is not closed without it"}
                {act.due !== undefined && act.doneAt === undefined && (
                  <>
                    {" "}
                    · due <Time at={act.due} /> (<Countdown to={act.due} />)
                  </>
                )}
              </div>
              {act.doneAt !== undefined && (
                <div class="quiet">
                  Done <Time at={act.doneAt} />
                  {act.by !== undefined && (
                    <>
                      {" "}
                      by <Person id={act.by} />
                    </>
                  )}
                </div>
              )}
              {act.evidence !== undefined && (
                <div>
                  Evidence: <Evidence release={view.id} text={act.evidence} file={undefined} />
                </div>
              )}
              {act.detail !== undefined && <div class="wrong">{act.detail}</div>}
            </div>
            <Badge tone={TONES[act.status]}>{act.status}</Badge>
          </li>
        ))}
      </ul>
      {archive !== undefined && <Archive archive={archive} release={view.id} />}
    </Section>
  );
}

const COPY_TONES = { due: "busy", copied: "good", "given-up": "bad" } as const;

interface ArchiveProps {
  readonly release: string;
  readonly archive: NonNullable<ReleaseView["archive"]>;
}

function Archive({ release, archive }: ArchiveProps) {
  const { archivedAt, asked, files = [], copies } = archive;
  return (
    <>
      <h3>Archive</h3>
      <p class="quiet">
        {archivedAt === undefined ? (
          `Not archived yet${asked === 0 ? "" : `, asked for ${asked} times`}.`
        ) : (
          <>
            Archived <Time at={archivedAt} />:
          </>
        )}
      </p>
      <ul>
        {files.map((file) => (
          <li key={file.digest}>
            <Evidence release={release} file={file} />
          </li>
        ))}
      </ul>
      <ul class="rows">
        {copies.map(({ place, name, status, at, links, why, nextAt }) => (
          <li key={place}>
            <div>
              {name}
              {at !== undefined && (
                <span class="quiet">
                  {" "}
                  <Time at={at} />
                </span>
              )}
              {links.map((link) => (
                <div key={link.url}>
                  {link.name}: <Evidence release={release} text={link.url} />
                </div>
              ))}
              {why !== undefined && status !== "copied" && <div class="wrong">{why}</div>}
              {nextAt !== undefined && (
                <div class="quiet">
                  Tried again <Countdown to={nextAt} />
                </div>
              )}
            </div>
            <Badge tone={COPY_TONES[status]}>{status === "given-up" ? "given up" : status}</Badge>
          </li>
        ))}
      </ul>
    </>
  );
}
