import { z } from "zod";
import { languageOf } from "../../../../kernel/language/language-of.ts";
import type { QueryKeywords } from "../../knowledge-reader.ts";
import { commonWords, functionWords } from "../builtin/common-words.ts";
import { findMentions } from "../builtin/extractor/find-mentions.ts";
import { infinitiveOf, sentencesOf } from "../builtin/extractor/language.ts";
import { daysAskedFor } from "../builtin/extractor/languages/find-dates.ts";
import type { ChatModel } from "../models/models.ts";

const most = 20;
/** LightRAG accepts a string as a list, separated by commas, semicolons or line ends (contract §8.6). */
const list = z
  .union([z.array(z.string()), z.string().transform((text) => text.split(/[,;\n]/u))])
  .transform((words) =>
    words
      .map((word) => word.trim())
      .filter(Boolean)
      .slice(0, most),
  )
  .catch([]);
const answerShape = z.object({ high_level_keywords: list, low_level_keywords: list });

const instruction = `You prepare a search in a knowledge graph of personal memories. Name what the question is about, in two lists of short
phrases taken from it or plainly meant by it: "high_level_keywords" for themes, actions and kinds of relation, and
"low_level_keywords" for people, places, dates and concrete things. Leave a list empty when there is nothing for it.
Answer with one JSON object that has exactly these two lists.`;

/** The keywords of a question, by the chat model if there is one; its answer may be malformed. */
export async function keywordsOf(
  question: string,
  chat: ChatModel | undefined,
  signal: AbortSignal,
): Promise<QueryKeywords> {
  if (chat === undefined) return withDays(question, await languageOf(question));
  const messages = [
    { role: "system" as const, content: instruction },
    { role: "user" as const, content: question },
  ];
  const { text } = await chat.complete(messages, { json: true }, signal);
  const parsed = answerShape.safeParse(jsonIn(text));
  if (!parsed.success) return questionKeywords(question);
  return { high: parsed.data.high_level_keywords, low: parsed.data.low_level_keywords };
}

/** Dates are things under their English names, whatever the language of the memories. */
function withDays(question: string, language: string | null): QueryKeywords {
  const { high, low } = questionKeywords(question);
  const days = language === null || language === "en" ? [] : daysAskedFor(question, language);
  return { high, low: [...new Set([...days, ...low])] };
}

/** The JSON object in an answer that may have a code fence or prose around it; null when there is none. */
function jsonIn(text: string): unknown {
  try {
    return JSON.parse(text.slice(text.indexOf("{"), text.lastIndexOf("}") + 1));
  } catch {
    return null;
  }
}

/**
 * What a question is about, without a chat model: the names and things that it mentions, spelled as the offline extractor spells
 * entities, and its themes, which are the things without a proper name and the actions.
 */
export function questionKeywords(question: string): { high: string[]; low: string[] } {
  const situation = { speaker: null, addressee: null, recordedOn: null };
  const sentences = sentencesOf(question);
  const low = sentences.flatMap((sentence) => findMentions(sentence, situation).map(({ name }) => name));
  const themes = low.filter((name) => /^\p{Ll}/u.test(name));
  const acts = sentences.flatMap(({ words }) =>
    words
      .filter(({ tags }) => tags.has("Verb") && !tags.has("Auxiliary"))
      .map(({ lower }) => infinitiveOf(lower)),
  );
  const telling = acts.filter((act) => !functionWords.has(act) && !commonWords.has(act));
  return { high: [...new Set([...telling, ...themes])], low: [...new Set(low)] };
}
