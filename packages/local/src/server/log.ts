import type { Log } from "@gonogo/functions/runtime";

/** One line a message, on standard error, so that standard output stays for what was asked. */
export function consoleLog(write: (line: string) => void, least: "info" | "warn" | "error" = "warn"): Log {
  const levels = ["info", "warn", "error"] as const;
  const at = (level: (typeof levels)[number]) => (message: string, about?: Record<string, unknown>) => {
    if (levels.indexOf(level) < levels.indexOf(least)) return;
    const rest = about === undefined ? "" : ` ${JSON.stringify(about)}`;
    write(`${level}: ${message}${rest}`);
  };
  return { info: at("info"), warn: at("warn"), error: at("error") };
}
