import { useState } from "preact/hooks";
import { applyTheme, storedTheme, THEMES, type Theme } from "./theme.ts";

const NAMES: Record<Theme, string> = { system: "as the system", light: "light", dark: "dark" };
const SIGNS: Record<Theme, string> = { system: "◐", light: "☀", dark: "☾" };

/** Goes through system, light and dark. */
export function ThemeToggle() {
  const [theme, setTheme] = useState(storedTheme);
  const next = THEMES[(THEMES.indexOf(theme) + 1) % THEMES.length] ?? "system";
  const turn = () => {
    applyTheme(next);
    setTheme(next);
  };
  return (
    <button type="button" class="theme" onClick={turn} title={`Colours: ${NAMES[theme]}`}>
      <span aria-hidden="true">{SIGNS[theme]}</span>
      <span class="hidden">{`Colours: ${NAMES[theme]}. Change to ${NAMES[next]}`}</span>
    </button>
  );
}
