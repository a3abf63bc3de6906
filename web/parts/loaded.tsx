import type { ComponentChildren } from "preact";
import type { Resource } from "../api/use-answer.ts";
import { Trouble } from "./trouble.tsx";

/** Shows an answer once it is there; what is shown stays, with a word about it, when a later request fails. */
export function Loaded<Value>({
  from,
  children,
}: {
  from: Resource<Value>;
  children: (value: Value) => ComponentChildren;
}) {
  const value = from.value.value;
  const problem = from.problem.value;
  return (
    <>
      {problem && <Trouble problem={problem} retry={() => void from.reload()} />}
      {value === null ? problem === null && <p class="waiting">Asking the service…</p> : children(value)}
    </>
  );
}
