import { words } from "../../kit/text.ts";

const PAIRS: readonly (readonly [RegExp, RegExp])[] = [
  [/^(?:freeze|lock|protect)\b/i, /^(?:unfreeze|unlock|thaw|unprotect|lift)\b/i],
  [/^(?:disable|turn off|switch off|stop)\b/i, /^(?:(?:re-?)?enable|turn on|switch on|(?:re)?start)\b/i],
  [/^(?:enable|turn on|switch on|activate|start)\b/i, /^(?:disable|turn off|switch off|deactivate|stop)\b/i],
  [/^(?:pause|suspend)\b/i, /^(?:resume|unpause)\b/i],
  [/^(?:open|create)\b/i, /^(?:close|delete|remove)\b/i],
];

/** Whether the later of two rows takes back what the earlier one did, such as freezing a branch. */
export function undoes(later: string, earlier: string): boolean {
  const isPair = PAIRS.some(([does, takesBack]) => does.test(earlier) && takesBack.test(later));
  if (!isPair) return false;
  const about = new Set(words(earlier).slice(1));
  return words(later)
    .slice(1)
    .some((word) => about.has(word) && word.length > 2 && word !== "the");
}
