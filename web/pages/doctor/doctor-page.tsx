import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import type { diagnose } from "../../../src/operations/doctor/diagnose.ts";
import type { Answer } from "../../api/endpoint.ts";
import { api } from "../../api/endpoints.ts";
import { type ApiProblem, asProblem } from "../../api/problem.ts";
import { useWhenBack } from "../../api/use-answer.ts";
import { BusyButton } from "../../parts/busy-button.tsx";
import { DiagnosisEntry } from "../../parts/diagnosis.tsx";
import { Icon } from "../../parts/icon.tsx";
import type { State } from "../../parts/state.tsx";
import { Trouble } from "../../parts/trouble.tsx";
import { ForThoseWhoMay, ServicePage } from "../../service/service-page.tsx";
import type { PageProps } from "../../shell/page-props.ts";
import { addressOf } from "../../shell/router.ts";
import { now } from "../../words/now.ts";
import { counted, inWords } from "../../words/numbers.ts";
import { capital } from "../../words/text.ts";
import { exactly, fromNow } from "../../words/time.ts";

type Report = Answer<typeof diagnose>;
type Diagnosis = Report["diagnoses"][number];

/** Everything that the service needs, looked at when the page is opened, and again when somebody asks. */
export default function DoctorPage({ query }: PageProps) {
  const offline = query.get("offline") === "true";
  return (
    <ForThoseWhoMay what="The doctor" ask={api.diagnose}>
      {() => <Examination offline={offline} />}
    </ForThoseWhoMay>
  );
}

function Examination({ offline }: { offline: boolean }) {
  const report = useSignal<(Report & { at: number }) | null>(null);
  const problem = useSignal<ApiProblem | null>(null);
  const isLooking = useSignal(false);
  const look = async (signal?: AbortSignal) => {
    isLooking.value = true;
    try {
      const found = await api.diagnose({ offline }, signal && { signal });
      [report.value, problem.value] = [{ ...found, at: Date.now() }, null];
    } catch (thrown) {
      if (!signal?.aborted) problem.value = asProblem(thrown);
    }
    if (!signal?.aborted) isLooking.value = false;
  };
  useEffect(() => {
    const gone = new AbortController();
    void look(gone.signal);
    return () => gone.abort();
  }, [offline]);
  useWhenBack(problem.value, look);
  const found = report.value;
  return (
    <ServicePage
      title={found === null ? "Looking at everything…" : titleOf(found)}
      short="Doctor"
      lede={
        found && (
          <span title={exactly(found.at)}>
            {isLooking.value ? "Looking again…" : `Looked at ${fromNow(found.at, now.value)}.`} Nothing is
            changed by it.
          </span>
        )
      }
      actions={
        <>
          <a class="btn" href={addressOf(["service", "doctor"], { offline: offline ? "" : "true" })}>
            {offline ? "Try source and LightRAG, too" : "Without contacting anybody"}
          </a>
          <BusyButton class="btn main" isBusy={isLooking.value} onClick={look}>
            <Icon name="again" /> Run again
          </BusyButton>
        </>
      }
    >
      {problem.value && <Trouble problem={problem.value} retry={() => void look()} />}
      {found === null && problem.value === null && (
        <p class="waiting">Both ends of every connector are tried; that may take a minute.</p>
      )}
      {found && <Diagnoses diagnoses={found.diagnoses} />}
    </ServicePage>
  );
}

export function titleOf({
  diagnoses,
  problems,
  warnings,
}: Pick<Report, "diagnoses" | "problems" | "warnings">): string {
  const all = counted(diagnoses.length, "check");
  if (problems > 0) return `${capital(inWords(problems))} of ${all} ${problems === 1 ? "fails" : "fail"}.`;
  if (warnings > 0)
    return `Everything works; ${inWords(warnings)} of ${all} ${warnings === 1 ? "needs" : "need"} a look.`;
  return diagnoses.length === 1 ? "The one check passes." : `All ${all} pass.`;
}

const order: readonly Diagnosis["level"][] = ["problem", "warning", "ok"];

const states = {
  problem: { tone: "fail", word: "Fails", icon: "fail" },
  warning: { tone: "wait", word: "Needs a look", icon: "wait" },
  ok: { tone: "ok", word: "Passes", icon: "ok" },
} as const satisfies Record<Diagnosis["level"], State>;

function Diagnoses({ diagnoses }: { diagnoses: readonly Diagnosis[] }) {
  const sorted = diagnoses.toSorted((one, other) => order.indexOf(one.level) - order.indexOf(other.level));
  return (
    <section class="panel" aria-label="Checks">
      <ul class="entries">
        {sorted.map(({ area, level, message, code, fix }, index) => (
          <DiagnosisEntry
            key={`${index} ${area}`}
            state={states[level]}
            subject={area}
            message={message}
            code={code}
            help={fix}
          />
        ))}
      </ul>
    </section>
  );
}
