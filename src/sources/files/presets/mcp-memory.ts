import { readJsonBytes } from "../../../kernel/util/decode/json.ts";
import { flawOfId } from "../../listed-item.ts";
import { utf8Of } from "../input-file.ts";
import type { FormatReader } from "../plain-readers.ts";
import { malformedItem, type ReadItem } from "../read-item.ts";
import { type Line, readLines } from "../read-lines.ts";
import { itemIn, listIn, textIn } from "./preset.ts";

/**
 * The `memory.jsonl` of MCP's server-memory: each entity a memory, with what is observed of it and its relations. It tells no times: those of its memories
 * are when they were first seen. The whole file is written anew at each change.
 */
export const readMcpMemory: FormatReader = async function* (file, options, signal) {
  const lines = () => readLines(utf8Of(file, options.encoding, signal), options.maxItemBytes);
  const relations = await relationsIn(lines());
  for await (const line of lines()) {
    const text = line.bytes.toString();
    const { type, name } = itemOf(line);
    const where = { file: file.name, position: line.number, unit: "line" } as const;
    if (text.trim() === "" || type === "relation") continue;
    const id = textIn(name);
    if (line.flaw !== null)
      yield malformedItem(where, { code: line.flaw.code, problems: [line.flaw.problem], text });
    else if (type === "entity" && flawOfId(id) === null)
      yield { ...entityOf(itemOf(line), relations.get(id) ?? []), where };
    else if (line.isEnded)
      yield malformedItem(where, { problems: ["it is neither an entity nor a relation"], text });
    else yield { kind: "truncated", reason: `line ${line.number} of ${file.name} has no end` };
  }
};

/** What is said of each entity as the one that something is related to. */
async function relationsIn(lines: AsyncIterable<Line>): Promise<Map<string, string[]>> {
  const relations = new Map<string, string[]>();
  for await (const line of lines) {
    const { type, from, to, relationType } = itemOf(line);
    if (type !== "relation") continue;
    const said = `${textIn(from)} ${textIn(relationType).replaceAll("_", " ")} ${textIn(to)}.`;
    relations.set(textIn(from), [...(relations.get(textIn(from)) ?? []), said]);
  }
  return relations;
}

function itemOf({ bytes }: Line) {
  const reading = readJsonBytes(bytes);
  return itemIn(reading.ok ? reading.value : null);
}

function entityOf(
  entity: Readonly<Record<string, unknown>>,
  relations: readonly string[],
): ReadItem & { kind: "memory" } {
  const id = textIn(entity.name);
  return {
    kind: "memory",
    memory: {
      id,
      type: textIn(entity.entityType) || "entity",
      audio: false,
      image: false,
      transcript: [`${id}:`, ...listIn(entity.observations).map(textIn), ...relations]
        .join("\n")
        .toWellFormed(),
      location: null,
      createdAt: "",
      updatedAt: null,
      title: id,
      tags: [],
    },
  };
}
