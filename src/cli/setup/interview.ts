import { unwritable } from "../../config/env-file.ts";
import { ConnectorError, toConnectorError } from "../../kernel/errors/connector-error.ts";
import { headerSecret, httpUrl } from "../../kernel/settings/types.ts";
import type { Dialogue } from "../dialogue.ts";

/** What a person says about their two ends. Empty keys are null. */
export interface Ends {
  memoryApi: string;
  memoryKey: string | null;
  contextId: string;
  /** Null for direct mode. */
  lightrag: string | null;
  lightragKey: string | null;
}

/** What is taken when nobody is asked, and offered when somebody is. */
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
  /** Tries one end as it is said to be, and says what it found; true when it answers as it should. */
  tryEnd(ends: Ends, which: "source" | "sink"): Promise<boolean>;
}

/** Asks for both ends and tries each one. A server that is down is no obstacle. Throws `CANCELLED` when the person ends it. */
export async function askForEnds(offered: Ends, by: Interviewer): Promise<Ends> {
  try {
    const source = await untilRight(offered, "source", askForSource, by);
    return await untilRight(source, "sink", askForSink, by);
  } catch (thrown) {
    throw toConnectorError(thrown).code === "CANCELLED" ? unanswered(thrown) : thrown;
  }
}

/** Asks again, with the answers so far as what is offered, for as long as the person likes. */
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
  return (await answer(dialogue, `${what} [${offered}]: `)) || offered;
}

async function secret(dialogue: Dialogue, what: string, offered: string | null): Promise<string | null> {
  const standard = offered === null ? "none" : "as before";
  const question = `${what} (not shown) [${standard}]: `;
  return (await answer(dialogue, question, problemOfKey, { secret: true })) || offered;
}

async function address(dialogue: Dialogue, what: string, offered: string): Promise<string> {
  const problemOf = (said: string) =>
    said === "" || httpUrl().safeParse(said).success ? null : `That is no address. One is like ${offered}`;
  return (await answer(dialogue, `Address of the ${what} [${offered}]: `, problemOf)) || offered;
}

export async function yesOrNo(dialogue: Dialogue, question: string, standard: boolean): Promise<boolean> {
  const problemOf = (said: string) => (/^(y(es)?|no?)?$/iu.test(said) ? null : "Say yes or no");
  const said = await answer(dialogue, `${question} [${standard ? "Y/n" : "y/N"}]: `, problemOf);
  return said === "" ? standard : /^y/iu.test(said);
}

/** Of what cannot be sent as a key, or not be kept in `.env`. An empty answer is none. */
function problemOfKey(said: string): string | null {
  if (said === "") return null;
  const problem = headerSecret().safeParse(said).error?.issues[0]?.message ?? unwritable(said);
  return problem === null ? null : `This key ${problem}. Another one (not shown)`;
}

/** Asks again for as long as something is wrong with what is said. */
async function answer(
  dialogue: Dialogue,
  question: string,
  problemOf: (said: string) => string | null = () => null,
  options?: { secret: boolean },
): Promise<string> {
  for (let asking = question; ; ) {
    const said = await dialogue.ask(asking, options);
    if (said === null) throw unanswered();
    const problem = problemOf(said);
    if (problem === null) return said;
    asking = `${problem}: `;
  }
}

function unanswered(cause?: unknown): ConnectorError {
  return new ConnectorError("CANCELLED", "the questions were not answered; nothing was written", {
    hint: "run it again, or with --yes to be asked nothing",
    cause,
  });
}
