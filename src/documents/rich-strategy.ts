import { factsOf, type Memory } from "../domain/memory.ts";
import { contentOf, segmentedText } from "./content.ts";
import { firstRichText } from "./first-form/rich-text.ts";
import { headline, whenThere } from "./headline.ts";
import { headerLine, storableText } from "./storable-text.ts";
import type { TransformationStrategy } from "./transformation-strategy.ts";
import { attachmentList, foundTags, placesOf, roughCoordinates } from "./words.ts";

/**
 * The rich strategy: a headline with local time and place in words, then what else is known of the memory, as far as its facts include it.
 * What stands in the text already is not said twice: who speaks, links.
 */
export class RichTransformationStrategy implements TransformationStrategy {
  readonly name = "rich";
  readonly firstForm = firstRichText;

  transform(memory: Memory): string {
    const header = [
      `${headline(memory, { when: whenThere(memory), where: whereOf(memory) })}\n`,
      headerLine("title", memory.title),
      headerLine("files", attachmentList(memory).join(", ")),
      headerLine("page", memory.url),
      headerLine("people", factsOf(memory).people.join(", ")),
      headerLine("tags", memory.tags.join(", ")),
      // Not among the tags, which the built-in extractor takes for things: it finds in the text what is worth one.
      headerLine("about", foundTags(memory).join(", ")),
    ];
    return storableText(`${header.join("")}\n${contentOf(memory, segmentedText(memory))}`);
  }
}

/** The place in words, else its coordinates. */
function whereOf(memory: Memory): string | null {
  const { location } = memory;
  return placesOf(memory) || (location && `at ${roughCoordinates(location)}`);
}
