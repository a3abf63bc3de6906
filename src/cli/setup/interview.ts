import { reasonOf } from "../../config/validate.ts";
import { headerSecret, httpUrl } from "../../kernel/settings/types.ts";
import { type Dialogue, yesOrNo } from "../dialogue.ts";

/** A person's answers about source and LightRAG. Empty keys are null. */
export interface Ends {
  memoryApi: string;
  memoryKey: string | null;
  contextId: string;
  /** Null for direct mode. */
  lightrag: string | null;
  lightragKey: string | null;
}

/** The defaults: used without a dialogue, offered in one. */
export const usualEnds: Ends = {
  memoryApi: "http://127.0.0.1:8080",
  memoryKey: null,
  contextId: "CTX123",
  lightrag: "http://localhost:9621",
  lightragKey: null,
};

export interface Interviewer {
  dialogue: Dialogue;
  say(line: string): void;
  /** Tries one end with the given answers and prints the result; true on success. */
  tryEnd(ends: Ends, which: "source" | "sink"): Promise<boolean>;
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
  question: (offered: Ends, dialogue: Dialogue) => Promise<Ends>,
  by: Interviewer,
): Promise<Ends> {
  const ends = await question(offered, by.dialogue);
  if (await by.tryEnd(ends, which)) return ends;
  const again = await yesOrNo(
    by.dialogue,
    "Change these answers? (`no` keeps them; `check` tries again later)",
    false,
  );
  return again ? untilRight(ends, which, question, by) : ends;
}

async function askForSource(offered: Ends, dialogue: Dialogue): Promise<Ends> {
  const memoryApi = await address(dialogue, "Memory API", offered.memoryApi);
  const memoryKey = await secret(dialogue, "Its key", offered.memoryKey);
  const contextId = await text(dialogue, "Context (whose memories)", offered.contextId);
  return { ...offered, memoryApi, memoryKey, contextId };
}

async function askForSink(offered: Ends, dialogue: Dialogue): Promise<Ends> {
  const hasServer = await yesOrNo(
    dialogue,
    "Is there a LightRAG server? (`no`: the index is made by this program, in a folder here)",
    offered.lightrag !== null,
  );
  if (!hasServer) return { ...offered, lightrag: null, lightragKey: null };
  const lightrag = await address(dialogue, "LightRAG", offered.lightrag ?? usualEnds.lightrag ?? "");
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
    if (isAddress(answer)) return answer;
    question = `That is no address. One is like ${offered}: `;
  }
}

function isAddress(answer: string): boolean {
  return httpUrl().safeParse(answer).success;
}
