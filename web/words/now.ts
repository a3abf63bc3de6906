import { signal } from "@preact/signals";

/** How often what depends on the time of day is drawn again. Milliseconds. */
const tickMs = 5_000;

/** The time, in milliseconds since the epoch, as often as the page needs it. */
export const now = signal(Date.now());

setInterval(() => {
  // Words are tried without a document, too.
  if (globalThis.document?.visibilityState === "visible") now.value = Date.now();
}, tickMs);
