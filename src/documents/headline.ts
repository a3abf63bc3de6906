import { type Memory, zoneOf } from "../domain/memory.ts";
import { shortened } from "../kernel/util/text.ts";
import { type LocalTime, localTime } from "./local-time.ts";
import { foldWhiteSpace } from "./storable-text.ts";
import { kindInWords, timeSourceInWords, unreadSuffix } from "./words.ts";

/** The fingerprint stands behind the headline and within the 250 characters of a document that LightRAG shows. UTF-16 units. */
const longest = { kind: 40, place: 90 };

/**
 * The first line of a document, what helps an answer and no more: what kind of memory, when, and where.
 * `voice note, thursday 18 may 2023 19:17:05 utc+05:30, near Mumbai, India`. All but names is in lower case and nothing has a
 * label, so that what reads the text for things finds those that belong to the memory.
 */
export function headline(memory: Memory, { when, where }: { when: string; where: string | null }): string {
  const kind = shortened(foldWhiteSpace(kindInWords(memory.type)).replaceAll(",", ""), longest.kind);
  const source = timeSourceInWords(memory);
  const time = source === null ? when : `${when} (${source})`;
  const place = shortened(foldWhiteSpace(where ?? ""), longest.place);
  return [kind, time, place, ...unreadMedia(memory)].filter(Boolean).join(", ");
}

/** `thursday 18 may 2023 13:47:05 utc` */
export function whenInUtc({ createdAt }: Memory): string {
  return inWords(localTime(createdAt, null));
}

/** `thursday 18 may 2023 19:17:05 utc+05:30`, and where it is known `to 20:01:00`, by the clocks of its place. */
export function whenThere(memory: Memory): string {
  const zone = zoneOf(memory);
  const began = localTime(memory.createdAt, zone);
  if (memory.endedAt === undefined) return inWords(began);
  const ended = localTime(memory.endedAt, zone);
  return `${inWords(began)} to ${ended.date === began.date ? ended.time : inWords(ended)}`;
}

/** Without commas, which stand between the parts of a headline. */
function inWords({ clock, offset }: LocalTime): string {
  return `${clock.replaceAll(",", "")} ${offset}`.toLowerCase();
}

/** That a recording could not be read has to be known of a memory that says little. */
function unreadMedia(memory: Memory): string[] {
  return (["audio", "image"] as const).flatMap((kind) => {
    const suffix = memory[kind] ? unreadSuffix(memory, kind) : "";
    return suffix === "" ? [] : [`${kind}${suffix}`];
  });
}
