import type { RefusalEntry } from "@gonogo/client";
import type { Names } from "../person/names.tsx";

/** The refusals of a kind (the status of the answer) that have a text in them, names included. */
export function matching(
  items: readonly RefusalEntry[],
  names: Names,
  kind: string,
  text: string,
): readonly RefusalEntry[] {
  const wanted = text.trim().toLowerCase();
  return items.filter(({ status, code, route, who = "", network }) => {
    const told = [code, route, who, names[who] ?? "", network].join("\n").toLowerCase();
    return (kind === "" || String(status) === kind) && told.includes(wanted);
  });
}
