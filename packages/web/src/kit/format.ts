const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
const UNITS: readonly [string, number][] = [
  ["d", 86_400_000],
  ["h", 3_600_000],
  ["min", 60_000],
  ["s", 1000],
];

/** `4 Jun 2025 02:15 UTC`, with seconds where there are any. */
export function dayTime(at: string): string {
  const date = new Date(at);
  if (Number.isNaN(date.getTime())) return at;
  const day = `${date.getUTCDate()} ${MONTHS[date.getUTCMonth()]} ${date.getUTCFullYear()}`;
  return `${day} ${clockTime(at)} UTC`;
}

/** `02:15`, or `02:15:07`. */
export function clockTime(at: string): string {
  const text = new Date(at).toISOString();
  return text.slice(17, 19) === "00" ? text.slice(11, 16) : text.slice(11, 19);
}

/** The same moment where the viewer is, for a title. */
export function localTime(at: string): string {
  const date = new Date(at);
  if (Number.isNaN(date.getTime())) return at;
  return `${date.toLocaleString(undefined, { dateStyle: "medium", timeStyle: "long" })} (your time)`;
}

/** A length of time in its two largest units: `1 d 2 h`, `6 min 12 s`, `0 s`. */
export function span(millis: number): string {
  let left = Math.max(0, Math.round(millis / 1000) * 1000);
  const parts: string[] = [];
  const first = UNITS.findIndex(([, size]) => left >= size);
  for (const [unit, size] of first < 0 ? [] : UNITS.slice(first, first + 2)) {
    const count = Math.floor(left / size);
    if (count > 0) parts.push(`${count} ${unit}`);
    left -= count * size;
  }
  return parts.length === 0 ? "0 s" : parts.join(" ");
}

const LONG_UNITS: readonly [string, number][] = [["day", 86_400_000], ...UNITS.slice(1)];

/** How a moment lies to T, to the second, as core says it: `T+9 min 12 s`. */
export function fromT(t: string, at: string | number): string {
  const millis = (typeof at === "number" ? at : Date.parse(at)) - Date.parse(t);
  let left = Math.round(Math.abs(millis) / 1000) * 1000;
  if (left === 0) return "T";
  const parts = LONG_UNITS.flatMap(([unit, size]) => {
    const count = Math.floor(left / size);
    left -= count * size;
    return count === 0 ? [] : [`${count} ${unit}${unit === "day" && count > 1 ? "s" : ""}`];
  });
  return `T${millis < 0 ? "-" : "+"}${parts.join(" ")}`;
}

/** A number for a chart or a table: at most four digits that count. */
export function amount(value: number, unit = ""): string {
  const text = `${Number(value.toPrecision(4))}`;
  return unit === "" ? text : `${text} ${unit}`;
}

/** A comparison with the signs of print: `<= 2.5 s` is `≤ 2.5 s`. */
export function printed(comparison: string): string {
  return comparison.replaceAll("<=", "≤").replaceAll(">=", "≥");
}

/** The first of a digest, enough to compare by eye. */
export function shortDigest(digest: string): string {
  const [, hex = digest] = /^(?:sha256:)?([0-9a-f]+)$/i.exec(digest) ?? [];
  return hex.slice(0, 12);
}

/** `app-store` becomes `app store`; `StepStarted` becomes `step started`. */
export function plainWords(name: string): string {
  return name
    .replace(/([a-z0-9])([A-Z])/g, "$1 $2")
    .replaceAll("-", " ")
    .toLowerCase();
}

export function capital(text: string): string {
  return text.slice(0, 1).toUpperCase() + text.slice(1);
}
