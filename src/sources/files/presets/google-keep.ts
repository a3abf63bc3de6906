import { basename, dirname } from "node:path";
import { readJsonBytes } from "../../../kernel/util/decode/json.ts";
import { tooLarge } from "../../listed-item.ts";
import { utf8Of } from "../input-file.ts";
import type { FormatReader } from "../plain-readers.ts";
import { malformedItem } from "../read-item.ts";
import { idIn, itemIn, listIn, microsecondsIn, textIn } from "./preset.ts";

/** A note of Google Keep as Takeout has it: a file each. What lies in its bin is deleted. */
export const readGoogleKeep: FormatReader = async function* (file, options, signal) {
  const where = { file: file.name, position: 1, unit: "item" } as const;
  if (file.size > options.maxItemBytes) {
    const { code, problem } = tooLarge(file.size, options.maxItemBytes);
    return yield malformedItem(where, { code, problems: [problem], text: "", digest: file.name });
  }
  const parts: Buffer[] = [];
  for await (const part of utf8Of(file, options.encoding, signal)) parts.push(part);
  const bytes = Buffer.concat(parts);
  const reading = readJsonBytes(bytes);
  const text = bytes.toString("utf8", 0, 4096);
  if (!reading.ok) return yield malformedItem(where, { problems: [`it ${reading.problem}`], text });
  const note = itemIn(reading.value);
  const id = idIn(note.createdTimestampUsec);
  const createdAt = microsecondsIn(id);
  if (createdAt === null)
    return yield malformedItem(where, { problems: ["it is no note of Google Keep"], text });
  const twin = { folder: dirname(file.location), name: basename(file.name, ".json") };
  if (note.isTrashed === true) return yield { kind: "deleted", id, twin };
  const entries = listIn(note.listContent).map(itemIn);
  const list = entries.map((entry) => `${entry.isChecked === true ? "[x]" : "[ ]"} ${textIn(entry.text)}`);
  yield {
    kind: "memory",
    twin,
    where,
    memory: {
      id,
      type: "note",
      audio: false,
      image: false,
      transcript: [textIn(note.textContent), ...list].filter(Boolean).join("\n").toWellFormed(),
      location: null,
      createdAt,
      updatedAt: microsecondsIn(note.userEditedTimestampUsec),
      title: textIn(note.title) || null,
      tags: listIn(note.labels)
        .map((label) => textIn(itemIn(label).name))
        .filter(Boolean),
    },
    files: listIn(note.attachments)
      .map((each) => textIn(itemIn(each).filePath))
      .filter(Boolean),
  };
};
