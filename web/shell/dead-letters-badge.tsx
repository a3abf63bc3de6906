import { signal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { api } from "../api/endpoints.ts";
import { useAnswer } from "../api/use-answer.ts";
import { count, counted } from "../words/numbers.ts";
import { changes } from "./toasts.tsx";

/** How many dead letters there are now; 0 until it is known. */
const deadLetters = signal(0);

/** Keeps the number live. Once on the page, however many navigations show it. */
export function DeadLettersWatch() {
  const answer = useAnswer(
    (signal) => api.countDeadLetters({}, { signal }),
    [],
    ({ type }) => type === "item:dead" || type === "run:end",
  );
  const made = changes.value;
  useEffect(() => {
    if (made > 0) void answer.reload();
  }, [made]);
  const known = answer.value.value;
  const all = known === null ? 0 : known.memories + known.media;
  useEffect(() => {
    deadLetters.value = all;
  }, [all]);
  return null;
}

/** Nothing where there are none. */
export function DeadLettersBadge() {
  const { value } = deadLetters;
  if (value === 0) return null;
  return (
    <span class="badge">
      <span aria-hidden="true">{count(value)}</span>
      <span class="vh">, {counted(value, "dead letter")}</span>
    </span>
  );
}
