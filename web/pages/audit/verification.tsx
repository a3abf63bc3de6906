import { useSignal } from "@preact/signals";
import type { verifyAuditLog } from "../../../src/operations/audit/verify-audit-log.ts";
import type { Answer } from "../../api/endpoint.ts";
import { api } from "../../api/endpoints.ts";
import { type ApiProblem, asProblem } from "../../api/problem.ts";
import { BusyButton } from "../../parts/busy-button.tsx";
import { StateTag } from "../../parts/state.tsx";
import { TroubleAtButton } from "../../parts/trouble.tsx";
import { count, counted } from "../../words/numbers.ts";
import { listed } from "../../words/text.ts";

type Verification = Answer<typeof verifyAuditLog>;

/** Whether the log is still as it was written. It reads all of it, so it is done when somebody asks. */
export function Verification() {
  const anchor = useSignal("");
  const isReading = useSignal(false);
  const found = useSignal<Verification | null>(null);
  const problem = useSignal<ApiProblem | null>(null);
  const verify = async (event: SubmitEvent) => {
    event.preventDefault();
    [found.value, problem.value, isReading.value] = [null, null, true];
    const noted = anchor.value.trim();
    try {
      found.value = await api.verifyAuditLog(noted === "" ? {} : { anchor: noted });
    } catch (thrown) {
      problem.value = asProblem(thrown);
    }
    isReading.value = false;
  };
  return (
    <section class="panel pad stack" aria-label="Verification">
      <h2>Is the log as it was written?</h2>
      <form class="filter" onSubmit={verify}>
        <label class="wide">
          <span class="label">An end that was noted earlier, such as 17:ab12…; may be left out</span>
          <input
            class="input mono"
            value={anchor.value}
            onInput={({ currentTarget }) => {
              anchor.value = currentTarget.value;
            }}
          />
        </label>
        <BusyButton type="submit" isBusy={isReading.value}>
          {isReading.value ? "Reading the whole log…" : "Verify the log"}
        </BusyButton>
      </form>
      <div role="status">{found.value && <Result found={found.value} />}</div>
      {problem.value && <TroubleAtButton problem={problem.value} />}
    </section>
  );
}

function Result({ found }: { found: Verification }) {
  const { ok, problem, head, unexplainedKeys } = found;
  return (
    <div class="stack">
      <p>
        <StateTag
          state={
            ok
              ? { tone: "ok", word: "It is as it was written", icon: "ok" }
              : { tone: "fail", word: "It is not as it was written", icon: "fail" }
          }
        />
      </p>
      <p>{resultWords(found)}</p>
      {unexplainedKeys.length > 0 && (
        <p>
          {counted(unexplainedKeys.length, "key is", "keys are")} in force that no entry tells of:{" "}
          {listed(unexplainedKeys.map(({ id, name, role }) => `${name} (${id}, ${role})`))}. Somebody wrote
          into the state itself. <a href="#/service/keys">Revoke what nobody knows</a>
        </p>
      )}
      {problem === null && head !== null && (
        <p class="soft">
          Its end is <code>{`${head.number}:${head.hash}`}</code>. Noted somewhere else and given back above,
          it shows whether entries were cut off since.
        </p>
      )}
    </div>
  );
}

export function resultWords({
  entries,
  first,
  problem,
}: Pick<Verification, "entries" | "first" | "problem">): string {
  if (problem !== null) return `Entry ${count(problem.number)}: ${problem.reason}.`;
  if (entries === 0) return "It has no entry yet.";
  const older =
    first === null || first === 1
      ? ""
      : ` Those before ${count(first)} were removed by retention, which is noted in it.`;
  return `${counted(entries, "entry was", "entries were")} read; none was changed, moved, put in or removed.${older}`;
}
