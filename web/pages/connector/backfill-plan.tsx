import { useSignal } from "@preact/signals";
import { api } from "../../api/endpoints.ts";
import { type ApiProblem, asProblem } from "../../api/problem.ts";
import type { RunPlan } from "../../connectors/connector.ts";
import { Zoned, zoneOf } from "../../memories/zones.tsx";
import { BusyButton } from "../../parts/busy-button.tsx";
import { Facts } from "../../parts/facts.tsx";
import { Plan } from "../../parts/plan.tsx";
import { TroubleAtButton } from "../../parts/trouble.tsx";
import { attempt } from "../../shell/toasts.tsx";
import { counted } from "../../words/numbers.ts";
import { dateText } from "../../words/time.ts";
import { dayIn } from "../../words/zone.ts";
import { budgetNote, planFacts } from "./plan-facts.ts";
import { PlanProblems } from "./plan-problems.tsx";
import type { PlanProps } from "./plan-props.ts";

/** Old memories of a span of days: chosen, counted, then asked for. */
export function BackfillPlan(props: PlanProps) {
  return <Zoned>{() => <Chosen {...props} />}</Zoned>;
}

function Chosen({ status, close, done }: PlanProps) {
  const connectorId = status.id;
  const zone = zoneOf(connectorId);
  const first = useSignal("");
  const last = useSignal("");
  const plan = useSignal<RunPlan | null>(null);
  const problem = useSignal<ApiProblem | null>(null);
  const isCounting = useSignal(false);
  /** Days stay days: the service takes them as those of the connector. */
  const chosen = () => ({
    connectorId,
    since: first.value,
    ...(last.value !== "" && { until: last.value }),
  });
  const count = async () => {
    isCounting.value = true;
    problem.value = null;
    try {
      plan.value = await api.planRun(chosen());
    } catch (thrown) {
      problem.value = asProblem(thrown);
    }
    isCounting.value = false;
  };
  const act = async () => {
    const asked = api.requestBackfill(chosen());
    if (await attempt(() => asked, `The backfill of ${connectorId} is asked for.`)) done();
  };
  const field = (label: string, of: typeof first) => (
    <label>
      <span class="label">{label}</span>
      <input
        class="input"
        type="date"
        required={of === first}
        value={of.value}
        onInput={({ currentTarget }) => {
          of.value = currentTarget.value;
          plan.value = null;
        }}
      />
    </label>
  );
  return (
    <Plan
      title={`Plan: backfill ${connectorId}`}
      facts={plan.value === null ? [] : planFacts(plan.value)}
      note={
        plan.value === null
          ? `Choose the days, of ${zone}. New memories still go before old ones, and all share the day’s budget.`
          : budgetNote(plan.value, status.budget)
      }
      action={plan.value === null ? null : `Backfill ${counted(plan.value.documents, "memory", "memories")}`}
      act={act}
      close={close}
    >
      {status.backfill && status.backfill.finishedAt === null && (
        <Facts
          facts={[
            [
              "Under way",
              `from ${dateText(dayIn(status.backfill.since, zone))} to ${dateText(dayIn(status.backfill.until, zone))}; it grows by what is asked for now`,
            ],
          ]}
        />
      )}
      <form
        class="acts"
        onSubmit={(event) => {
          event.preventDefault();
          void count();
        }}
      >
        {field("First day", first)}
        {field("Last day, today when left out", last)}
        <BusyButton type="submit" isBusy={isCounting.value}>
          {isCounting.value ? "Counting…" : "Count what it would bring"}
        </BusyButton>
      </form>
      {problem.value && <TroubleAtButton problem={problem.value} />}
      {plan.value && <PlanProblems plan={plan.value} />}
    </Plan>
  );
}
