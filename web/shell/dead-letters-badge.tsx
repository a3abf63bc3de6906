import { useEffect } from "preact/hooks";
import { api } from "../api/endpoints.ts";
import { useAnswer } from "../api/use-answer.ts";
import { count, counted } from "../words/numbers.ts";
import { changes } from "./toasts.tsx";

/** How many dead letters there are, live; nothing where there are none. */
export function DeadLettersBadge() {
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
  if (all === 0) return null;
  return (
    <span class="badge">
      <span aria-hidden="true">{count(all)}</span>
      <span class="vh">, {counted(all, "dead letter")}</span>
    </span>
  );
}
