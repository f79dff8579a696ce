/** What the page looks like: as the viewer's system says, or as they chose here. */
export const THEMES = ["system", "light", "dark"] as const;
export type Theme = (typeof THEMES)[number];

const KEY = "gonogo.theme";
const CHANGED = "gonogo-theme";

export function storedTheme(): Theme {
  const text = localStorage.getItem(KEY);
  return THEMES.find((theme) => theme === text) ?? "system";
}

export function applyTheme(theme: Theme): void {
  if (theme === "system") delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = theme;
  if (theme === "system") localStorage.removeItem(KEY);
  else localStorage.setItem(KEY, theme);
  dispatchEvent(new Event(CHANGED));
}

/** Tells when colours have changed, by a choice here or by the system. */
export function onThemeChange(listener: () => void): () => void {
  const system = matchMedia("(prefers-color-scheme: dark)");
  system.addEventListener("change", listener);
  addEventListener(CHANGED, listener);
  return () => {
    system.removeEventListener("change", listener);
    removeEventListener(CHANGED, listener);
  };
}
