import { type Memory, zoneOf } from "../domain/memory.ts";
import { shortened } from "../kernel/util/text.ts";
import { type LocalTime, localTime } from "./local-time.ts";
import { foldWhiteSpace } from "./storable-text.ts";
import { kindInWords, timeSourceInWords, unreadSuffix } from "./words.ts";

/** The fingerprint stands behind the headline and within the 250 characters of a document that LightRAG shows. UTF-16 units. */
const longest = { kind: 40, place: 90 };

/** When a memory was, by the clocks that a document shows. */
export interface When {
  /** `thursday 18 may 2023` */
  day: string;
  /** `19:17:05` */
  time: string;
  /** `utc+05:30` */
  offset: string;
  /** ` to 20:01:00`; empty where nobody knows when it ended. */
  until: string;
}

/**
 * The first line of a document, what helps an answer and no more: what kind of memory, when, and where.
 * `voice note, thursday 18 may 2023 19:17:05 utc+05:30, near Mumbai, India`. All but names is in lower case and nothing has a
 * label, so that what reads the text for things finds those that belong to the memory.
 */
export function headline(memory: Memory, { when, where }: { when: string; where: string | null }): string {
  return [kindOf(memory), whenWithSource(memory, when), placeText(where), ...unreadMedia(memory)]
    .filter(Boolean)
    .join(", ");
}

/** `voice note` */
export function kindOf({ type }: Pick<Memory, "type">): string {
  return shortened(foldWhiteSpace(kindInWords(type)).replaceAll(",", ""), longest.kind);
}

/** `19:17:05 (by the name of its file)`, where the time is not that of the recording. */
export function whenWithSource(memory: Memory, when: string): string {
  const source = timeSourceInWords(memory);
  return source === null ? when : `${when} (${source})`;
}

/** A place in one line, as long as a headline has room for. */
export function placeText(where: string | null): string {
  return shortened(foldWhiteSpace(where ?? ""), longest.place);
}

/** `thursday 18 may 2023 19:17:05 utc+05:30 to 20:01:00` */
export function inWords({ day, time, offset, until }: When): string {
  return `${day} ${time} ${offset}${until}`;
}

export function whenInUtc({ createdAt }: Memory): When {
  return { ...partsOf(localTime(createdAt, null)), until: "" };
}

/** By the clocks of its place, and until when, where that is known. */
export function whenThere(memory: Memory): When {
  const zone = zoneOf(memory);
  const began = localTime(memory.createdAt, zone);
  if (memory.endedAt === undefined) return { ...partsOf(began), until: "" };
  const ended = localTime(memory.endedAt, zone);
  const end = ended.date === began.date ? ended.time : inWords({ ...partsOf(ended), until: "" });
  return { ...partsOf(began), until: ` to ${end}` };
}

/** Without commas, which stand between the parts of a headline. */
function partsOf({ clock, time, offset }: LocalTime): Omit<When, "until"> {
  const day = clock
    .replaceAll(",", "")
    .slice(0, -(time.length + 1))
    .toLowerCase();
  return { day, time, offset: offset.toLowerCase() };
}

/** That a recording could not be read has to be known of a memory that says little. */
export function unreadMedia(memory: Memory): string[] {
  return (["audio", "image"] as const).flatMap((kind) => {
    const suffix = memory[kind] ? unreadSuffix(memory, kind) : "";
    return suffix === "" ? [] : [`${kind}${suffix}`];
  });
}
