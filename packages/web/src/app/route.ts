import { useEffect, useState } from "preact/hooks";

export const TABS = [
  "overview",
  "steps",
  "gates",
  "alarms",
  "messages",
  "review",
  "documents",
  "follow-ups",
  "log",
] as const;
export type Tab = (typeof TABS)[number];

/** Parts of the page that have no parts of their own. */
export const PLACES = ["plans", "calendar", "measures", "follow-ups", "governance", "system"] as const;
export type Place = (typeof PLACES)[number];

export type Route =
  | { readonly view: "board" }
  | { readonly view: "releases" }
  | { readonly view: "release"; readonly id: string; readonly tab: Tab }
  | { readonly view: Place }
  | { readonly view: "unknown"; readonly hash: string };

/** What an address shows: `#/`, `#/releases`, `#/releases/<id>`, `#/releases/<id>/log`, `#/plans`. */
export function routeOf(hash: string): Route {
  const parts = hash
    .replace(/^#?\/?/, "")
    .replace(/\?.*$/, "")
    .split("/")
    .filter(Boolean);
  const [first, id, tab = "overview"] = parts;
  if (first === undefined) return { view: "board" };
  if (first === "releases" && id === undefined) return { view: "releases" };
  const place = PLACES.find((one) => one === first);
  if (place !== undefined && parts.length === 1) return { view: place };
  const known = TABS.find((one) => one === tab);
  if (first === "releases" && id !== undefined && known !== undefined && parts.length <= 3) {
    return { view: "release", id: decoded(id), tab: known };
  }
  return { view: "unknown", hash };
}

export function releaseAddress(id: string, tab: Tab = "overview"): string {
  return `#/releases/${encodeURIComponent(id)}${tab === "overview" ? "" : `/${tab}`}`;
}

/** What the address says besides, `#/measures?by=day`, and how to change it: what is empty is left out. */
export function useQuery(): readonly [URLSearchParams, (name: string, value: string) => void] {
  useRoute();
  const [path = "", query = ""] = location.hash.split("?");
  const set = (name: string, value: string) => {
    const next = new URLSearchParams(query);
    if (value === "") next.delete(name);
    else next.set(name, value);
    history.replaceState(null, "", next.size === 0 ? path : `${path}?${next}`);
    dispatchEvent(new HashChangeEvent("hashchange"));
  };
  return [new URLSearchParams(query), set];
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

export function useRoute(): Route {
  const [hash, setHash] = useState(location.hash);
  useEffect(() => {
    const follow = () => setHash(location.hash);
    addEventListener("hashchange", follow);
    return () => removeEventListener("hashchange", follow);
  }, []);
  return routeOf(hash);
}
