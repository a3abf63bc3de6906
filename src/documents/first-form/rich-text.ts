import { factsOf, type Memory, zoneOf } from "../../domain/memory.ts";
import { contentOf, segmentedText } from "../content.ts";
import { localTime, readableLocal } from "../local-time.ts";
import { headerLine, storableText } from "../storable-text.ts";
import {
  attachmentList,
  coordinates,
  humanType,
  mediaList,
  placesOf,
  speakersOf,
  tagList,
  timeSourceSuffix,
} from "../words.ts";

/** The rich strategy's text in the first form: with local time, place, people, tags and links, as far as the memory's facts include them. */
export function firstRichText(memory: Memory): string {
  const facts = factsOf(memory);
  const local = (time: string) => readableLocal(localTime(time, zoneOf(memory)));
  const header = [
    headerLine("Title", memory.title),
    headerLine("Type", humanType(memory.type)),
    headerLine("Recorded", `${local(memory.createdAt)}${timeSourceSuffix(memory)}`),
    headerLine("Ended", memory.endedAt && local(memory.endedAt)),
    headerLine("Place", placesOf(memory)),
    headerLine("Coordinates", memory.location && coordinates(memory.location)),
    headerLine("Media", mediaList(memory).join(", ") || "none"),
    headerLine("Attachments", attachmentList(memory).join(", ")),
    headerLine("Language", memory.language),
    headerLine("Format", memory.format),
    headerLine("Source", memory.url),
    headerLine("Speakers", speakersOf(memory).join(", ")),
    headerLine("People", facts.people.join(", ")),
    headerLine("Tags", tagList(memory).join(", ")),
    headerLine("Links", facts.links.join(", ")),
  ];
  return storableText(`${header.join("")}\n${contentOf(memory, segmentedText(memory))}`);
}
