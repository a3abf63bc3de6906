import { factsOf, type Memory } from "../../domain/memory.ts";
import { contentOf } from "../content.ts";
import { headerLine } from "../header.ts";
import { localTime, readableLocal } from "../local-time.ts";
import { printable } from "../printable.ts";
import type { TransformationStrategy } from "../transformation-strategy.ts";
import { coordinates, humanType, mediaList, placeInWords, tagList } from "../words.ts";

/**
 * The document shape of the rich strategy: the standard one with local time, place, people, tags and links, as far as the
 * memory's facts know them.
 */
export class RichTransformationStrategy implements TransformationStrategy {
  readonly name = "rich";

  transform(memory: Memory): string {
    const facts = factsOf(memory);
    const header = [
      headerLine("Title", memory.title),
      headerLine("Type", humanType(memory.type)),
      headerLine("Recorded", readableLocal(localTime(memory.createdAt, facts.timeZone))),
      headerLine("Place", facts.place && placeInWords(facts.place)),
      headerLine("Coordinates", memory.location && coordinates(memory.location)),
      headerLine("Media", mediaList(memory).join(", ") || "none"),
      headerLine("People", facts.people.join(", ")),
      headerLine("Tags", tagList(memory).join(", ")),
      headerLine("Links", facts.links.join(", ")),
    ];
    return printable(`${header.join("")}\n${contentOf(memory)}`);
  }
}
