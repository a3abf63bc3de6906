import { readJsonText } from "../../../kernel/util/decode/json.ts";
import { assistantReader, type Talk, withoutId, withoutMessages } from "./assistants.ts";
import { type Item, idIn, isItem, itemIn, listIn, secondsIn, textIn } from "./preset.ts";

type Message = Talk["messages"][number];

/** ChatGPT's `conversations.json`. Branches that were given up are left out, as are instructions and tools. */
export const readChatGpt = assistantReader((item) => {
  const id = idIn(item.conversation_id) || idIn(item.id);
  if (id === "") return withoutId;
  if (!isItem(item.mapping)) return withoutMessages(item.title, id, "mapping");
  const { path, flaws } = pathIn(item.mapping, textIn(item.current_node));
  const times = timesOf(path, secondsIn(item.create_time));
  const messages = path.flatMap((message, index): Message[] => {
    const speaker = speakers.get(textIn(itemIn(message.author).role));
    const text = wordsOf(message);
    return speaker === undefined || text === "" ? [] : [{ at: times[index] ?? null, speaker, text }];
  });
  const begin = secondsIn(item.create_time) ?? times.find((at) => at !== null) ?? null;
  const updatedAt = secondsIn(item.update_time);
  return { id, title: textIn(item.title) || null, begin, updatedAt, messages, flaws };
});

const speakers = new Map([
  ["user", "Me"],
  ["assistant", "ChatGPT"],
]);

/**
 * The messages from the first one to the node where the conversation is; where that is not known, to the newest end of a branch. What stands before a node that is not
 * there is not known.
 */
function pathIn(nodes: Item, current: string): { path: Item[]; flaws: string[] } {
  const path: Item[] = [];
  const seen = new Set<string>();
  let at = Object.hasOwn(nodes, current) ? current : newestEnd(nodes);
  for (let node = nodes[at]; isItem(node) && !seen.has(at); node = nodes[at]) {
    seen.add(at);
    path.unshift(itemIn(node.message));
    at = textIn(node.parent);
  }
  const isWhole = at === "" || seen.has(at);
  return { path, flaws: isWhole ? [] : [`it has no message ${JSON.stringify(at)}, which others follow`] };
}

/** The last written of the nodes that nothing follows, of those in a circle the last of all; empty where there is no node. */
function newestEnd(nodes: Item): string {
  const names = Object.keys(nodes);
  const parents = new Set(names.map((name) => textIn(itemIn(nodes[name]).parent)));
  const ends = names.filter((name) => !parents.has(name));
  const timeOf = (name: string) => secondsIn(itemIn(itemIn(nodes[name]).message).create_time) ?? "";
  return (ends.length > 0 ? ends : names).reduce(
    (newest, name) => (newest === "" || timeOf(name) >= timeOf(newest) ? name : newest),
    "",
  );
}

/** When each message was written: those that do not say it, with the one before. */
function timesOf(path: readonly Item[], begin: string | null): (string | null)[] {
  let at = begin;
  return path.map((message) => {
    at = secondsIn(message.create_time) ?? at;
    return at;
  });
}

function wordsOf({ content, recipient }: Item): string {
  const { parts, text } = itemIn(content);
  const texts = listIn(parts).map((part) => textIn(part) || textIn(itemIn(part).text));
  const isCanvas = textIn(recipient).startsWith("canmore");
  const said = isCanvas ? [canvasText(texts.join("\n").trim() || textIn(text))] : texts;
  return said
    .map(withoutMarks)
    .filter((part) => part.trim() !== "")
    .join("\n");
}

/** What an answer writes beside the conversation: a document, changes or remarks, as JSON. */
function canvasText(call: string): string {
  const reading = readJsonText(call);
  if (!reading.ok) return call;
  const { name, content, updates, comments } = itemIn(reading.value);
  const written = [
    name,
    content,
    ...listIn(updates).map((each) => itemIn(each).replacement),
    ...listIn(comments).map((each) => itemIn(each).comment),
  ];
  return written.map(textIn).filter(Boolean).join("\n") || call;
}

/** Without the marks that its page makes links of: they name a search, and say nothing. A thing that is marked keeps its name. */
function withoutMarks(text: string): string {
  return text
    .replaceAll(/\uE200entity\uE202\[\s*"[^"]*",\s*"([^"]*)"[^\uE201]*\uE201/gu, "$1")
    .replaceAll(/[ \t]*\uE200[^\uE200\uE201]*\uE201/gu, "")
    .replaceAll(/[\uE200-\uE206]/gu, "");
}
