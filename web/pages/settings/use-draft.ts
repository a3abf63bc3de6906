import { useSignal } from "@preact/signals";
import { useEffect, useMemo, useRef } from "preact/hooks";
import { api } from "../../api/endpoints.ts";
import { type ApiProblem, asProblem } from "../../api/problem.ts";
import { mergedOver, missingIn } from "../../settings/blocks.ts";
import { ofForm } from "../../settings/form-problem.ts";
import { type Base, draftOf, forgetDraft, isUntouched, keepDraft } from "../../settings/kept-drafts.ts";
import type { Schema } from "../../settings/schema.ts";
import { type Tree, withValueAt } from "../../settings/tree.ts";
import { addressOf, go } from "../../shell/router.ts";
import { say } from "../../shell/toasts.tsx";
import type { Tries } from "./tries.tsx";

export interface FormProps {
  schema: Schema;
  /** Null for a new connector. */
  id: string | null;
  /** As the service has it now: somebody else may change it while it is edited. */
  latest: Base;
  /** Asks for `latest` again. */
  reload: () => Promise<void>;
}

/** What was typed so far, what is wrong with it, and what the service says about it. */
export function useDraft({ schema, id, latest, reload }: FormProps) {
  const what = id ?? "";
  const { draft, isLeft } = useMemo(() => draftOf(what, latest), []);
  const { base, settings, refused } = draft;
  /** Whether it is told that the draft was left here before. */
  const isBack = useSignal(isLeft);
  /** Rises when other values are to stand in the fields. */
  const drawn = useSignal(0);
  const problem = useSignal<ApiProblem | null>(null);
  const isPlanned = useSignal(false);
  const tries = useSignal<Tries | null>(null);
  const isAsking = useSignal(false);
  /** What keeps the form from being sent, in the order of its fields, since somebody wanted to send it. */
  const own = useSignal<readonly string[]>([]);
  const faults = () => {
    const missing = missingIn(schema, settings.value).filter((path) => path !== "id" || id === null);
    const all = [...missing, ...refused.value.keys()];
    return Object.keys(schema.properties ?? {}).flatMap((key) => all.filter((path) => isWithin(path, key)));
  };
  /** What the form itself finds wrong comes first; what the service would refuse has no plan and is not tried. */
  const asking = async (work: () => Promise<void>) => {
    if (isAsking.peek()) return;
    own.value = faults();
    problem.value = null;
    tries.value = null;
    if (own.value.length > 0) return;
    isAsking.value = true;
    try {
      await work();
    } catch (thrown) {
      const refusal = ofForm(asProblem(thrown));
      if (refusal.code === "STATE_CONFLICT") await reload();
      problem.value = refusal;
      isPlanned.value = false;
    }
    isAsking.value = false;
  };
  const settle = (path: readonly string[], why: string | null) => {
    const name = path.join(".");
    const others = [...refused.value].filter(([each]) => !isWithin(each, name));
    refused.value = new Map(why === null ? others : [...others, [name, why]]);
    own.value = own.value.filter((each) => !isWithin(each, name));
    isPlanned.value = false;
    tries.value = null;
    keepDraft(what, draft);
  };
  /** Begins again over what the service has, with these settings. */
  const restart = (next: Tree) => {
    base.value = latest;
    settings.value = next;
    refused.value = new Map();
    [own.value, problem.value, tries.value] = [[], null, null];
    [isPlanned.value, isBack.value] = [false, false];
    drawn.value += 1;
    keepDraft(what, draft);
  };
  const isOvertaken = base.value.version !== latest.version;
  useOvertaken(isOvertaken && !isAsking.value, () => {
    isPlanned.value = false;
    if (isUntouched(draft)) restart(latest.settings);
    else say(`${id} was changed by someone else just now. What differs stands beside the button below.`);
  });
  return {
    ...{ draft, problem, isPlanned, isAsking, tries, own, isBack, isOvertaken },
    drawn: drawn.value,
    wrong: new Map([
      ...(problem.value?.problems ?? []).map(({ path, reason }) => [path, reason] as const),
      ...own.value.map((path) => [path, "is missing"] as const),
      ...refused.value,
    ]),
    isUntouched: isUntouched(draft),
    refuse: settle,
    change: (path: readonly string[], value: unknown) => {
      settings.value = withValueAt(settings.value, path, value);
      settle(path, null);
    },
    /** Takes what somebody else has made of it, with what was typed here over it. */
    keepMine: () => {
      const sides = { base: base.value.settings, theirs: latest.settings, mine: settings.value };
      restart(mergedOver(schema, sides) as Tree);
    },
    /** Throws away what was typed. */
    takeTheirs: () => {
      draft.left.clear();
      restart(latest.settings);
    },
    plan: () =>
      asking(async () => {
        await send(id, base.value.version, settings.value, true);
        isPlanned.value = true;
      }),
    tryBoth: () =>
      asking(async () => {
        const connectorId = id ?? String(settings.value.id);
        tries.value = (await api.checkConnector({ connectorId, settings: settings.value })).checks;
      }),
    save: () =>
      asking(async () => {
        const saved = await send(id, base.value.version, settings.value, false);
        forgetDraft(what);
        say(id === null ? madeText(saved) : `${saved.id} is changed.`);
        go(addressOf(["connectors", saved.id]));
      }),
  };
}

/** Tells once each time that somebody else has been faster. */
function useOvertaken(isOvertaken: boolean, tell: () => void): void {
  const was = useRef(false);
  useEffect(() => {
    if (isOvertaken && !was.current) tell();
    was.current = isOvertaken;
  }, [isOvertaken]);
}

/** What becomes of a new connector by itself. */
function madeText({ id, enabled, schedule }: { id: string; enabled: boolean; schedule: string }): string {
  if (!enabled) return `${id} is made. It is switched off.`;
  return schedule === "manual"
    ? `${id} is made. It runs when somebody starts it.`
    : `${id} is made, and scheduled.`;
}

/** Whether a dotted path is another one or lies below it. */
const isWithin = (path: string, other: string): boolean => path === other || path.startsWith(`${other}.`);

/** Refused when somebody else was faster. */
function send(id: string | null, version: number | null, settings: Tree, dryRun: boolean) {
  if (id === null) return api.createConnector({ settings, dryRun });
  const headers = version === null ? {} : { "if-match": `"${version}"` };
  return api.replaceConnector({ connectorId: id, settings: { ...settings, id }, dryRun }, { headers });
}
