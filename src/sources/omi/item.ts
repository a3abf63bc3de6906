import type { Memory, Segment } from "../../domain/memory.ts";
import { compareCodePoints } from "../../kernel/util/code-point-order.ts";
import { placeOf } from "../coordinates.ts";
import { ItemFields } from "../item-fields.ts";
import { isRecord, type ParsedItem } from "../json-list/parsed-item.ts";
import { textOfSegments } from "../segment-text.ts";

/** Reads a conversation: its overview, and who said what. */
export function readConversation(item: unknown): ParsedItem {
  const fields = new ItemFields(item);
  const place = isRecord(item) && isRecord(item.geolocation) ? item.geolocation : {};
  const structured = fields.within("structured");
  const said = fields.each("transcript_segments").flatMap(segmentOf);
  const overview = structured.text("overview").trim();
  const segments =
    overview === "" ? said : [{ speaker: null, startMs: null, endMs: null, text: overview }, ...said];
  const startedAt = fields.optionalTime("started_at");
  const endedAt = fields.optionalTime("finished_at");
  const placeName = new ItemFields(place).optional("address");
  const language = fields.optional("language");
  const id = fields.id("id");
  return itemOf(fields, id, {
    id: `conversation:${id}`,
    type: "conversation",
    audio: false,
    image: false,
    transcript: [overview, textOfSegments(said)].filter(Boolean).join("\n\n"),
    location: placeOf(place.latitude, place.longitude),
    createdAt: startedAt ?? fields.time("created_at"),
    updatedAt: null,
    title: structured.optional("title"),
    tags: [structured.optional("category") ?? []].flat(),
    ...(startedAt === null && { timeSource: "entry" }),
    ...(endedAt !== null && { endedAt }),
    ...(placeName !== null && { placeName }),
    ...(language !== null && { language }),
    ...(said.length > 0 && { segments }),
  });
}

/** Reads a fact that Omi keeps. */
export function readFact(item: unknown): ParsedItem {
  const fields = new ItemFields(item);
  const tags = isRecord(item) && Array.isArray(item.tags) ? item.tags : [];
  const readable = [fields.optional("category"), ...tags].filter(
    (tag): tag is string => typeof tag === "string" && tag !== "" && tag.isWellFormed(),
  );
  const id = fields.id("id");
  return itemOf(fields, id, {
    id: `memory:${id}`,
    type: "memory",
    audio: false,
    image: false,
    transcript: fields.text("content"),
    location: null,
    createdAt: fields.time("created_at", "updated_at"),
    timeSource: "entry",
    updatedAt: fields.optionalTime("updated_at"),
    title: null,
    tags: [...new Set(readable)].sort(compareCodePoints),
  });
}

/** The two kinds have ids of their own, so that each memory's begins with its kind. */
function itemOf(fields: ItemFields, id: string, memory: Memory): ParsedItem {
  const malformed = fields.malformed(id === "" ? "" : memory.id);
  return malformed === null ? { kind: "memory", memory } : { kind: "malformed", malformed };
}

/** `User` is the owner; others may have no name. */
function segmentOf(fields: ItemFields): Segment[] {
  const text = fields.text("text");
  if (text.trim() === "") return [];
  const number = fields.number("speaker_id");
  const speaker = fields.optional("speaker_name") ?? (number === null ? null : `Speaker ${number}`);
  return [
    {
      speaker,
      startMs: milliseconds(fields.number("start")),
      endMs: milliseconds(fields.number("end")),
      text,
    },
  ];
}

/** From seconds. */
const milliseconds = (seconds: number | null) => (seconds === null ? null : Math.round(seconds * 1000));
