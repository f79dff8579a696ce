/** A number as Java writes a double, as CloudWatch does in its reasons: 50.0, 1.0E7. */
export function javaDouble(value: number): string {
  const size = Math.abs(value);
  if (size === 0 || (size >= 1e-3 && size < 1e7)) {
    return Number.isInteger(value) ? `${value}.0` : String(value);
  }
  const [mantissa = "", exponent = "0"] = value.toExponential().split("e");
  return `${mantissa.includes(".") ? mantissa : `${mantissa}.0`}E${Number(exponent)}`;
}

/** `2019-10-02T17:04:40.989+0000` */
export function isoOffset(ms: number): string {
  return new Date(ms).toISOString().replace("Z", "+0000");
}

/** `02/10/19 16:59:00` */
export function shortTime(ms: number): string {
  const [date = "", clock = ""] = new Date(ms).toISOString().split("T");
  const [year = "", month = "", day = ""] = date.split("-");
  return `${day}/${month}/${year.slice(2)} ${clock.slice(0, 8)}`;
}

/** `Friday 22 July, 2022 15:57:45 UTC` */
export function longTime(ms: number): string {
  const at = new Date(ms);
  const part = (options: Intl.DateTimeFormatOptions) =>
    at.toLocaleDateString("en-US", { timeZone: "UTC", ...options });
  const day = String(at.getUTCDate()).padStart(2, "0");
  const clock = at.toISOString().slice(11, 19);
  return `${part({ weekday: "long" })} ${day} ${part({ month: "long" })}, ${at.getUTCFullYear()} ${clock} UTC`;
}

/** `1 datapoint`, `2 datapoints` */
export function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? "" : "s"}`;
}
