import { signal } from "@preact/signals";

export type Theme = "light" | "dark";

const key = "memory-connector.theme";

/** The choice of this browser; null follows the system. */
export const theme = signal<Theme | null>(stored());

/** Shown now, chosen or not. */
export function shownTheme(): Theme {
  return theme.value ?? (matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light");
}

export function applyTheme(): void {
  if (theme.value === null) delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = theme.value;
}

export function switchTheme(): void {
  theme.value = shownTheme() === "dark" ? "light" : "dark";
  applyTheme();
  try {
    localStorage.setItem(key, theme.value);
  } catch {
    // A browser that keeps nothing forgets the choice with the page.
  }
}

function stored(): Theme | null {
  try {
    const value = localStorage.getItem(key);
    return value === "light" || value === "dark" ? value : null;
  } catch {
    return null;
  }
}
