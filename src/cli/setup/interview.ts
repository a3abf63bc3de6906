import { reasonOf } from "../../config/validate.ts";
import { headerSecret, httpUrl } from "../../kernel/settings/types.ts";
import type { FirstQuestion } from "../../sources/source-kind.ts";
import { sourceKinds } from "../../sources/source-settings.ts";
import { type Dialogue, yesOrNo } from "../dialogue.ts";
import { type Expected, expectedOf, kindCalled, type SourceAnswers, secretOf } from "./source-answers.ts";

/** A person's answers about source and LightRAG. Empty keys are null. */
export interface Ends {
  source: SourceAnswers;
  contextId: string;
  /** Null for direct mode. */
  lightrag: string | null;
  lightragKey: string | null;
}

const usualLightrag = "http://localhost:9621";

/** The defaults: used without a dialogue, offered in one. */
export const usualEnds: Ends = {
  source: {
    kind: kindCalled("memory_api") ?? (sourceKinds[0] as never),
    answers: new Map([["url", "http://127.0.0.1:8080"]]),
  },
  contextId: "CTX123",
  lightrag: usualLightrag,
  lightragKey: null,
};

/** What became of a try. `away`: nobody answers, which may pass; anything else is for the person to mend. */
export type Tried = "works" | "away" | "wrong";

export interface Interviewer {
  dialogue: Dialogue;
  say(line: string): void;
  /** Tries one end with the given answers and prints the result. */
  tryEnd(ends: Ends, which: "source" | "sink"): Promise<Tried>;
  /** What is in the environment. */
  env: Readonly<Record<string, string | undefined>>;
}

/** Asks for both ends and tries each one. A server that is down is no obstacle. Throws `CANCELLED` when a question is not answered. */
export async function askForEnds(offered: Ends, by: Interviewer): Promise<Ends> {
  const source = await untilRight(offered, "source", askForSource, by);
  return untilRight(source, "sink", askForSink, by);
}

/** Repeats the questions, with the previous answers as defaults, until the person is done. */
async function untilRight(
  offered: Ends,
  which: "source" | "sink",
  question: (offered: Ends, by: Interviewer) => Promise<Ends>,
  by: Interviewer,
): Promise<Ends> {
  const ends = await question(offered, by);
  const tried = await by.tryEnd(ends, which);
  if (tried === "works") return ends;
  const again = await yesOrNo(
    by.dialogue,
    "Change these answers? (`no` keeps them; `check` tries again later)",
    tried === "wrong",
  );
  return again ? untilRight(ends, which, question, by) : ends;
}

async function askForSource(offered: Ends, by: Interviewer): Promise<Ends> {
  const source = await askForAnswers(await askForKind(offered.source, by), by);
  const { kind } = source;
  const isSame = kind === offered.source.kind;
  if (kind.hasContexts !== true) return { ...offered, source, contextId: kind.connectorId };
  const usual = isSame ? offered.contextId : usualEnds.contextId;
  return { ...offered, source, contextId: await text(by.dialogue, "Context (whose memories)", usual) };
}

async function askForKind(offered: SourceAnswers, { dialogue, say }: Interviewer): Promise<SourceAnswers> {
  say("Where are your memories?");
  const width = Math.max(...sourceKinds.map(({ type }) => type.length));
  for (const [index, { type, label }] of sourceKinds.entries())
    say(`  ${String(index + 1).padStart(2)}  ${type.padEnd(width)}  ${label}`);
  const standard = offered.kind.type;
  for (let question = `Its number or name [${standard}]: `; ; ) {
    const kind = kindCalled((await dialogue.ask(question)) || standard);
    if (kind === offered.kind) return offered;
    if (kind !== undefined) return { kind, answers: new Map() };
    question = `That is none of them. Its number or name [${standard}]: `;
  }
}

async function askForAnswers(offered: SourceAnswers, by: Interviewer): Promise<SourceAnswers> {
  const { kind } = offered;
  const answers = new Map<string, string>();
  const hidden = secretOf(kind);
  for (const question of kind.asks) {
    const { setting, unless } = question;
    if (unless !== undefined && answers.has(unless)) continue;
    const known = hidden?.setting === setting ? by.env[hidden.variable] || undefined : undefined;
    const answer = await askOne({ kind, question, offered: offered.answers.get(setting) ?? known }, by);
    if (answer !== undefined) answers.set(setting, answer);
  }
  return { kind, answers };
}

interface Asked {
  kind: SourceAnswers["kind"];
  question: FirstQuestion;
  /** What was answered before, or stands in the environment. */
  offered: string | undefined;
}

/** Asks until the answer can be taken; undefined when there is none, and none is needed. */
async function askOne({ kind, question, offered }: Asked, { dialogue }: Interviewer) {
  const expected = expectedOf(kind, question);
  const { isNeeded, isSecret, choices, problemOf } = expected;
  const usual = offered ?? expected.standard;
  const what = `${question.what}${choices === null ? "" : ` (${choices.join(", ")})`}`;
  const end = promptEnd(expected, usual);
  for (let asked = `${what}${end}`; ; ) {
    const said = (await dialogue.ask(asked, { secret: isSecret })) || usual;
    if (said === undefined && !isNeeded) return undefined;
    const problem = said === undefined ? "is needed" : problemOf(said);
    if (problem === null) return said;
    asked = `It ${problem}. Again${end}`;
  }
}

function promptEnd({ isSecret, isNeeded }: Expected, usual: string | undefined): string {
  const nothing = isNeeded ? "needed" : "none";
  const shown = isSecret && usual !== undefined ? "as before" : (usual ?? nothing);
  return `${isSecret ? " (not shown)" : ""} [${shown}]: `;
}

async function askForSink(offered: Ends, { dialogue }: Interviewer): Promise<Ends> {
  const hasServer = await yesOrNo(
    dialogue,
    "Is there a LightRAG server? (`no`: the index is made by this program, in a folder here)",
    offered.lightrag !== null,
  );
  if (!hasServer) return { ...offered, lightrag: null, lightragKey: null };
  const lightrag = await address(dialogue, "LightRAG", offered.lightrag ?? usualLightrag);
  return { ...offered, lightrag, lightragKey: await secret(dialogue, "Its key", offered.lightragKey) };
}

async function text(dialogue: Dialogue, what: string, offered: string): Promise<string> {
  return (await dialogue.ask(`${what} [${offered}]: `)) || offered;
}

async function secret(dialogue: Dialogue, what: string, offered: string | null): Promise<string | null> {
  const standard = offered === null ? "none" : "as before";
  for (let question = `${what} (not shown) [${standard}]: `; ; ) {
    const said = await dialogue.ask(question, { secret: true });
    if (said === "") return offered;
    const read = headerSecret().safeParse(said, { error: reasonOf });
    if (read.success) return read.data;
    question = `It ${read.error.issues[0]?.message}. Again (not shown) [${standard}]: `;
  }
}

async function address(dialogue: Dialogue, what: string, offered: string): Promise<string> {
  for (let question = `Address of the ${what} [${offered}]: `; ; ) {
    const answer = (await dialogue.ask(question)) || offered;
    if (httpUrl().safeParse(answer).success) return answer;
    question = `That is no address. One is like ${offered}: `;
  }
}
