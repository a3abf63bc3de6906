import { useSignal } from "@preact/signals";
import type { changeDeadLetters } from "../../../src/operations/dead-letters/change-dead-letters.ts";
import type { Answer } from "../../api/endpoint.ts";
import { api } from "../../api/endpoints.ts";
import { Plan } from "../../parts/plan.tsx";
import { attempt } from "../../shell/toasts.tsx";
import { count, counted } from "../../words/numbers.ts";

type Action = "replay" | "drop";
type Survey = Answer<typeof changeDeadLetters>;

interface ReplayPlanProps {
  /** Dead letters with these codes. */
  codes: readonly string[];
  connector: string | undefined;
  reload: () => void;
}

type Cost = NonNullable<Survey["cost"]>;

const unknownText = "What a model reads and writes about the texts besides is not known before.";

/** What a replay would send, what is not known of it, and what budgets would hold back. */
function costFacts({ documents, characters, estimatedTokens, removals, unknown, budgets }: Cost) {
  return [
    ["Sent", `${counted(documents, "document")}, ${counted(characters, "character")}`],
    ["Estimated tokens", count(estimatedTokens)],
    ...(removals > 0 ? [["Only removed", counted(removals, "document")]] : []),
    ...(unknown > 0 ? [["Text not known yet", memories(unknown)]] : []),
    ...budgets.flatMap(budgetFacts),
  ] as [string, string][];
}

function budgetFacts({ connectorId, held, tooLarge }: Cost["budgets"][number]): [string, string][] {
  return [
    ...(held > 0 ? [[`Budget of ${connectorId}`, `holds ${count(held)} for a later day`]] : []),
    ...(tooLarge > 0 ? [[`Too large for ${connectorId}`, `${count(tooLarge)} fail again`]] : []),
  ] as [string, string][];
}

function factsOf(hit: Survey, isReplay: boolean): (readonly [string, string])[] {
  if (hit.count === 0) return [];
  return [
    [isReplay ? "Tried again" : "Given up until it changes", memories(hit.count)],
    ["Of", hit.connectors.map((each) => `${each.connectorId} (${count(each.count)})`).join(", ")],
    ["When", isReplay ? "with the next run of each connector" : "at once"],
    ...(hit.cost === null ? [] : costFacts(hit.cost)),
  ];
}

const noteText = (isReplay: boolean): string =>
  `Nothing has been changed yet. A memory that has nothing to send is left alone: only its source can mend it.${isReplay ? ` ${unknownText}` : ""}`;

const nothingText = (isReplay: boolean): string =>
  `None of them can be ${isReplay ? "replayed" : "dropped"}: they have nothing to send. Mend each at its source; the next run reads it again.`;

const memories = (number: number) => counted(number, "memory", "memories");

/** Replays or drops all dead letters of these codes; what it would hit is counted first, and the real call is held to that number. */
export function ReplayPlan({ codes, connector, reload }: ReplayPlanProps) {
  const action = useSignal<Action | null>(null);
  const survey = useSignal<Survey | null>(null);
  const which = { codes: [...codes], ...(connector !== undefined && { connectorId: connector }) };
  const close = () => {
    action.value = null;
    survey.value = null;
  };
  const plan = async (chosen: Action) => {
    close();
    action.value = chosen;
    const counted = await attempt(async () => {
      survey.value = await api.changeDeadLetters({ ...which, action: chosen, dryRun: true });
    }, null);
    if (!counted) close();
  };
  const act = async () => {
    const [chosen, hit] = [action.value, survey.value];
    if (chosen === null || hit === null) return;
    const done = `${memories(hit.count)} ${chosen === "replay" ? "will be tried again with the next run" : "dropped"}.`;
    if (!(await attempt(() => api.changeDeadLetters({ ...which, action: chosen, atMost: hit.count }), done)))
      return;
    close();
    reload();
  };
  // They stay, so that a plan that is closed can give the focus back to its own.
  const buttons = (
    <div class="acts">
      <button
        type="button"
        class="btn main"
        aria-expanded={action.value === "replay"}
        onClick={() => plan("replay")}
      >
        Replay all…
      </button>
      <button
        type="button"
        class="btn danger"
        aria-expanded={action.value === "drop"}
        onClick={() => plan("drop")}
      >
        Drop all…
      </button>
    </div>
  );
  if (action.value === null) return <>{buttons}</>;
  const isReplay = action.value === "replay";
  const hit = survey.value;
  return (
    <>
      {buttons}
      <Plan
        key={action.value}
        title={`Plan: ${action.value} all with ${codes.length === 1 ? codes[0] : `${codes.length} codes`}`}
        facts={hit && factsOf(hit, isReplay)}
        note={hit?.count === 0 ? nothingText(isReplay) : noteText(isReplay)}
        action={
          hit && hit.count > 0
            ? `${isReplay ? "Replay" : "Drop"} ${count(hit.count)} ${hit.count === 1 ? "memory" : "memories"}`
            : null
        }
        isDangerous={!isReplay}
        act={act}
        close={close}
      />
    </>
  );
}
