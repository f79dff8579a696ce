import type { AskedOfMe, Board, BoardEntry, OwedItem } from "@gonogo/client";
import { releaseAddress, type Tab } from "../app/route.ts";
import type { Tone } from "../kit/parts.tsx";

type Kind = AskedOfMe["kind"] | "owed";

interface Words {
  readonly name: string;
  readonly tone: Tone;
  /** The part of the release where it is done. */
  readonly tab: Tab;
}

const WORDS: Record<Kind, Words> = {
  decision: { name: "Decision", tone: "bad", tab: "overview" },
  "put-back": { name: "Put back", tone: "bad", tab: "overview" },
  vote: { name: "Vote", tone: "ask", tab: "gates" },
  approval: { name: "Approval", tone: "ask", tab: "gates" },
  validation: { name: "Validation", tone: "busy", tab: "overview" },
  task: { name: "To do", tone: "busy", tab: "overview" },
  review: { name: "Review", tone: "quiet", tab: "review" },
  owed: { name: "Follow-up", tone: "ask", tab: "follow-ups" },
};

export function askedWords(kind: Kind): Words {
  return WORDS[kind];
}

/** Something that is asked of the viewer, with the release that asks it. */
export interface Asked extends Omit<AskedOfMe, "kind"> {
  readonly kind: Kind;
  readonly key: string;
  readonly release: string;
  readonly title: string;
  readonly href: string;
  /** How many more of the same kind there are in the same release. */
  readonly more: number;
}

const ORDER: readonly Kind[] = [
  "decision",
  "put-back",
  "vote",
  "approval",
  "owed",
  "validation",
  "task",
  "review",
];

/** What is owed is shown on the board from so long before it falls due. */
const OWED_SOON_MS = 2 * 86_400_000;

/** Everything that is asked of the viewer: the most urgent first, then what ends first. */
export function askedOnBoard(
  board: Pick<Board, "releases">,
  owed: readonly OwedItem[] = [],
  viewer: { readonly roles: readonly string[]; readonly now: number } = { roles: [], now: 0 },
): Asked[] {
  const soon = owed
    .filter(({ role, due }) => viewer.roles.includes(role) && Date.parse(due) - viewer.now < OWED_SOON_MS)
    .map(
      ({ id, release, title, what, role, due }): Asked => ({
        key: `${release} ${id}`,
        kind: "owed",
        what,
        roles: [role],
        by: due,
        urgent: false,
        release,
        title,
        href: releaseAddress(release, "follow-ups"),
        more: 0,
      }),
    );
  const asked = board.releases.flatMap(({ id, title, mine }) => {
    const kinds = [...new Set(mine.map(({ kind }) => kind))];
    return kinds.flatMap((kind): Asked[] => {
      const same = mine.filter((one) => one.kind === kind);
      // Decisions stand alone; of checks and tasks a release shows the first and counts the rest.
      const shown = kind === "decision" || kind === "put-back" ? same : same.slice(0, 1);
      return shown.map((one, index) => ({
        ...one,
        key: `${id} ${kind} ${index}`,
        release: id,
        title,
        href: releaseAddress(id, WORDS[kind].tab),
        more: same.length - shown.length,
      }));
    });
  });
  return [...asked, ...soon].toSorted((a, b) => {
    const rank = ORDER.indexOf(a.kind) - ORDER.indexOf(b.kind);
    return rank === 0 ? (a.by ?? "9").localeCompare(b.by ?? "9") : rank;
  });
}

const MOVING: readonly BoardEntry["status"][] = ["rolling-back", "running", "validating", "baking"];

/** Releases as one looks for them: what is in trouble, what moves, and then the rest as it came. */
export function inOrder(releases: readonly BoardEntry[]): BoardEntry[] {
  const rank = ({ waitsFor, status }: BoardEntry) => {
    if (status === "rolling-back" || waitsFor.some(({ urgent }) => urgent)) return 0;
    return MOVING.includes(status) ? 1 : 2;
  };
  return releases.toSorted((a, b) => rank(a) - rank(b));
}
