import type { AskedOfMe, BoardEntry, OwedItem } from "@gonogo/client";
import type { Instant } from "@gonogo/core/kit/instant";
import { expect, test } from "vitest";
import { askedOnBoard, inOrder } from "./asked.ts";

const ask = (kind: AskedOfMe["kind"], what: string, by?: string): AskedOfMe => ({
  kind,
  what,
  roles: ["Ops"],
  urgent: kind === "decision",
  ...(by === undefined ? {} : { by: by as Instant }),
});
const release = (id: string, ...mine: AskedOfMe[]) => ({ id, title: id, mine }) as unknown as BoardEntry;

test("decisions of all releases come first, then what ends first", () => {
  const found = askedOnBoard({
    releases: [
      release("A", ask("vote", "later", "2025-01-02"), ask("task", "lock main")),
      release("B", ask("vote", "sooner", "2025-01-01"), ask("decision", "promote?")),
    ],
  });
  expect(found.map(({ what }) => what)).toEqual(["promote?", "sooner", "later", "lock main"]);
});

test("of many checks one is shown, and the others are counted", () => {
  const [one, ...rest] = askedOnBoard({
    releases: [release("A", ask("task", "x"), ask("task", "y"), ask("task", "z"))],
  });
  expect(rest).toEqual([]);
  expect(one).toMatchObject({ what: "x", more: 2, href: "#/releases/A" });
});

test("no question is hidden behind another", () => {
  const asked = askedOnBoard({ releases: [release("A", ask("decision", "x"), ask("decision", "y"))] });
  expect(asked.map(({ what }) => what)).toEqual(["x", "y"]);
});

test("what is in trouble stands before what moves, and that before what waits", () => {
  const at = (id: string, status: BoardEntry["status"], urgent = false) =>
    ({ id, status, waitsFor: [{ what: "x", who: [], urgent }] }) as unknown as BoardEntry;
  const found = inOrder([
    at("gates", "gates"),
    at("run", "running"),
    at("ask", "gates", true),
    at("back", "rolling-back"),
  ]);
  expect(found.map(({ id }) => id)).toEqual(["ask", "back", "run", "gates"]);
});

test("what is owed soon by one's own role is asked as well; what is another's or far off is not", () => {
  const now = Date.parse("2025-06-04T12:00:00Z");
  const owe = (id: string, role: string, due: string) =>
    ({ id, role, due: due as Instant, what: id, release: "R", title: "R" }) as unknown as OwedItem;
  const owed = [
    owe("overdue", "Ops", "2025-06-01T00:00:00Z"),
    owe("far", "Ops", "2025-07-01T00:00:00Z"),
    owe("theirs", "CTO", "2025-06-01T00:00:00Z"),
  ];
  const found = askedOnBoard({ releases: [] }, owed, { roles: ["Ops"], now });
  expect(found).toMatchObject([{ what: "overdue", kind: "owed", href: "#/releases/R/follow-ups" }]);
});
