import type { Memory } from "../../../domain/memory.ts";
import { readJsonText } from "../../../kernel/util/decode/json.ts";
import { isTimeZone } from "../../../kernel/util/time-zone.ts";
import { placeOf } from "../../coordinates.ts";
import { firstHeading } from "../../folder/markdown-text.ts";
import { stableId } from "../field-map.ts";
import { type FormatReader, readJsonItems } from "../plain-readers.ts";
import { malformedItem, type ReadItem } from "../read-item.ts";
import { type Item, idIn, itemIn, listIn, textIn, timeIn } from "./preset.ts";

type Entry = ReadItem & { kind: "memory" };

function journalReader(entryOf: (entry: Item, timeZone: string) => Entry | string): FormatReader {
  return async function* (file, options, signal) {
    for await (const { value, where, text } of readJsonItems(file, ["entries"], options, signal)) {
      if (where === null) {
        yield value;
        continue;
      }
      const entry = entryOf(itemIn(value), options.timeZone);
      yield typeof entry === "string"
        ? malformedItem(where, { problems: [entry], text })
        : { ...entry, where };
    }
  };
}

const note = (memory: Omit<Memory, "type" | "audio" | "image">): Memory => ({
  ...memory,
  type: "journal",
  audio: false,
  image: false,
});

/** What `jrnl --format json` writes. Its entries have no id, and two in one minute are usual. */
export const readJrnl = journalReader((entry, timeZone) => {
  const createdAt = timeIn(`${textIn(entry.date)} ${textIn(entry.time)}`, timeZone);
  if (createdAt === null) return "it has no date and time";
  const [title, body] = [textIn(entry.title).trim(), textIn(entry.body).trim()];
  const id = `${textIn(entry.date)} ${textIn(entry.time)} ${stableId([title, body]).slice(0, 10)}`;
  const tags = listIn(entry.tags)
    .map((tag) => textIn(tag).replace(/^[@#]/u, ""))
    .filter(Boolean);
  const transcript = [title, body].filter(Boolean).join("\n").toWellFormed();
  const memory = note({
    id,
    transcript,
    location: null,
    createdAt,
    updatedAt: null,
    title: title || null,
    tags,
  });
  return { kind: "memory", memory };
});

/** Day One's `Journal.json`, with `photos` and `audios` beside it. */
export const readDayOne = journalReader((entry, zone) => {
  const id = idIn(entry.uuid);
  const createdAt = timeIn(entry.creationDate, zone);
  if (id === "") return "it is no entry: it has no uuid";
  if (createdAt === null)
    return entry.creationDate === undefined || entry.creationDate === null
      ? "it is no entry: it has no creationDate"
      : `its creationDate ${JSON.stringify(entry.creationDate)} is no date`;
  const [photos, audios] = [listIn(entry.photos).map(itemIn), listIn(entry.audios).map(itemIn)];
  const spoken = audios.map(({ transcription }) => textIn(transcription)).filter(Boolean);
  const written = plainText(textIn(entry.text)) || richText(entry.richText);
  const place = itemIn(entry.location);
  const names = [place.placeName, place.localityName].map(textIn).filter(Boolean);
  const timeZone = textIn(entry.timeZone);
  const memory = note({
    id,
    transcript: [written, ...spoken.filter((text) => !written.includes(text))]
      .filter(Boolean)
      .join("\n\n")
      .toWellFormed(),
    location: placeOf(place.latitude, place.longitude),
    createdAt,
    updatedAt: timeIn(entry.modifiedDate, zone),
    title: firstHeading(written),
    tags: listIn(entry.tags).map(textIn).filter(Boolean),
    format: "markdown",
    ...(names.length > 0 && { placeName: [...new Set(names)].join(", ") }),
    ...(isTimeZone(timeZone) && timeZone !== "" && { timeZone }),
  });
  const files = [
    ...photos.map(({ md5, type }) => `photos/${textIn(md5)}.${textIn(type) || "jpeg"}`),
    ...audios.map(({ md5, format }) => `audios/${textIn(md5)}.${textIn(format) || "m4a"}`),
  ];
  // An entry that says nothing of a change was never changed.
  return { kind: "memory", memory, files, version: memory.updatedAt ?? createdAt };
});

/** The words of an entry as its editor keeps them: JSON in a text. Empty where there are none. */
function richText(value: unknown): string {
  const reading = readJsonText(textIn(value));
  const { contents } = itemIn(reading.ok ? reading.value : value);
  return listIn(contents)
    .map((part) => textIn(itemIn(part).text))
    .join("")
    .trim();
}

/** Without the backslashes before punctuation, and without the places of pictures. */
function plainText(text: string): string {
  return text
    .replaceAll(/!\[[^\]]*\]\(dayone-moment:[^)]*\)\n*/gu, "")
    .replaceAll(/\\([!-/:-@[-`{-~])/gu, "$1")
    .trim();
}
