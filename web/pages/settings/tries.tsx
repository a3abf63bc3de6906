import { useSignal } from "@preact/signals";
import type { checkConnector } from "../../../src/operations/connectors/check-connector.ts";
import { type Answer, may } from "../../api/endpoint.ts";
import { api } from "../../api/endpoints.ts";
import { type ApiProblem, asProblem } from "../../api/problem.ts";
import { BusyButton } from "../../parts/busy-button.tsx";
import { DiagnosisEntry } from "../../parts/diagnosis.tsx";
import type { State } from "../../parts/state.tsx";
import { Trouble } from "../../parts/trouble.tsx";
import { capital } from "../../words/text.ts";

/** How the tries of both ends of a connector went. */
export type Tries = Answer<typeof checkConnector>["checks"];

const works: State = { tone: "ok", word: "Works", icon: "ok" };
const fails: State = { tone: "fail", word: "Fails", icon: "fail" };

/** Each end with what was found there, and what helps. */
export function Tried({ tries }: { tries: Tries }) {
  return (
    <section class="panel" aria-label="Both ends" role="status">
      <ul class="entries">
        {tries.map(({ subject, ok, message, code, hint }) => (
          <DiagnosisEntry
            key={subject}
            state={ok ? works : fails}
            subject={subject}
            message={capital(message)}
            code={code}
            help={hint}
          />
        ))}
      </ul>
    </section>
  );
}

/** Tries both ends of a connector as it is kept. */
export function TryKept({ connectorId }: { connectorId: string }) {
  const tries = useSignal<Tries | null>(null);
  const problem = useSignal<ApiProblem | null>(null);
  const isAsking = useSignal(false);
  if (!may(api.checkConnector)) return null;
  const ask = async () => {
    isAsking.value = true;
    problem.value = null;
    try {
      tries.value = (await api.checkConnector({ connectorId })).checks;
    } catch (thrown) {
      problem.value = asProblem(thrown);
    }
    isAsking.value = false;
  };
  return (
    <>
      <div class="acts">
        <BusyButton isBusy={isAsking.value} onClick={ask}>
          {isAsking.value ? "Trying…" : "Try both ends"}
        </BusyButton>
      </div>
      {problem.value && <Trouble problem={problem.value} retry={ask} />}
      {tries.value && <Tried tries={tries.value} />}
    </>
  );
}
