import { readJsonText } from "../../kernel/util/decode/json.ts";

interface Open {
  isList: boolean;
  /** Of the member whose value it is. */
  name: string | null;
}

const token = /"(?:[^"\\]|\\.)*"(?<colon>\s*:)?|[{}[\]]/gsu;

/** Names that lead to the first list of objects in the beginning of a JSON text; null when it shows none. An empty list is better than none. */
export function firstListIn(text: string): string[] | null {
  const open: Open[] = [];
  let name: string | null = null;
  let empty: string[] | null = null;
  for (const { 0: match, index, groups } of text.matchAll(token)) {
    if (match === "}" || match === "]") open.pop();
    if (match === "{" || match === "[") open.push({ isList: match === "[", name });
    const content = match === "[" ? listContent(text, index, open) : undefined;
    if (content === "{") return pathTo(open);
    if (content === "]") empty ??= pathTo(open);
    name = groups?.colon === undefined ? null : nameIn(match);
  }
  return empty;
}

/** What a list begins with that stands in no other list. */
function listContent(text: string, at: number, open: readonly Open[]): string | undefined {
  const isOutermost = open.every(({ isList }, index) => isList === (index === open.length - 1));
  return isOutermost ? /^\s*([{\]])/u.exec(text.slice(at + 1, at + 64))?.[1] : undefined;
}

const pathTo = (open: readonly Open[]) => open.flatMap(({ name }) => name ?? []);

function nameIn(member: string): string | null {
  const reading = readJsonText(member.slice(0, member.lastIndexOf('"') + 1));
  return reading.ok ? String(reading.value) : null;
}
