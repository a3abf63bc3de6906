import { useSignal } from "@preact/signals";
import type { changeDeadLetters } from "../../src/operations/dead-letters/change-dead-letters.ts";
import type { Answer, Asking } from "../api/endpoint.ts";
import { api } from "../api/endpoints.ts";
import { Plan } from "../parts/plan.tsx";
import { attempt } from "../shell/toasts.tsx";
import { count, counted } from "../words/numbers.ts";

type Action = "replay" | "drop";
type Survey = Pick<Answer<typeof changeDeadLetters>, "count" | "connectors" | "cost">;

/** Dead letters as the service is asked for them. */
export type DeadLetters = Pick<
  Asking<typeof changeDeadLetters>,
  "connectorId" | "contextId" | "codes" | "memoryIds" | "all"
>;

interface ReplayPlanProps {
  /** Which these are, as it follows on “replay all”: `with SINK_REFUSED`. */
  name: string;
  /** Several where one question does not name them all. */
  find: () => Promise<readonly DeadLetters[]>;
  /** What else has to be known of them. */
  more?: string | undefined;
  reload: () => void;
}

/** A part of what is hit, and how much that is. */
interface Hit {
  which: DeadLetters;
  survey: Survey;
}

/** Several surveys as one. */
function together(surveys: readonly Survey[]): Survey {
  const costs = surveys.flatMap(({ cost }) => cost ?? []);
  const sum = (key: Exclude<keyof Cost, "budgets">) => costs.reduce((total, cost) => total + cost[key], 0);
  return {
    count: surveys.reduce((total, { count: each }) => total + each, 0),
    connectors: surveys.flatMap(({ connectors }) => connectors),
    cost:
      costs.length === 0
        ? null
        : {
            documents: sum("documents"),
            characters: sum("characters"),
            estimatedTokens: sum("estimatedTokens"),
            removals: sum("removals"),
            unknown: sum("unknown"),
            budgets: costs.flatMap(({ budgets }) => budgets),
          },
  };
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

/** Replays or drops dead letters; what it would hit is counted first, and the real call is held to that number. */
export function ReplayPlan({ name, find, more, reload }: ReplayPlanProps) {
  const action = useSignal<Action | null>(null);
  const hits = useSignal<readonly Hit[] | null>(null);
  const close = () => {
    action.value = null;
    hits.value = null;
  };
  const plan = async (chosen: Action) => {
    close();
    action.value = chosen;
    const counted = await attempt(async () => {
      const found: Hit[] = [];
      for (const which of await find())
        found.push({
          which,
          survey: await api.changeDeadLetters({ ...which, action: chosen, dryRun: true }),
        });
      hits.value = found;
    }, null);
    if (!counted) close();
  };
  const act = async () => {
    const [chosen, all] = [action.value, hits.value];
    if (chosen === null || all === null) return;
    const hit = together(all.map(({ survey }) => survey));
    const done = `${memories(hit.count)} ${chosen === "replay" ? "will be tried again with the next run" : "dropped"}.`;
    const isDone = await attempt(async () => {
      for (const { which, survey } of all)
        if (survey.count > 0) await api.changeDeadLetters({ ...which, action: chosen, atMost: survey.count });
    }, done);
    if (!isDone) return;
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
  const hit = hits.value && together(hits.value.map(({ survey }) => survey));
  return (
    <>
      {buttons}
      <Plan
        key={action.value}
        title={`Plan: ${action.value} all ${name}`}
        facts={hit && factsOf(hit, isReplay)}
        note={[more ?? [], hit?.count === 0 ? nothingText(isReplay) : noteText(isReplay)].flat().join(" ")}
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
