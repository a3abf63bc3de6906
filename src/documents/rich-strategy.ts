import { factsOf, type Memory } from "../domain/memory.ts";
import { contentOf, segmentedText } from "./content.ts";
import { type DocumentParts, textOfParts } from "./document-parts.ts";
import { firstRichText } from "./first-form/rich-text.ts";
import { whenThere } from "./headline.ts";
import { storableText } from "./storable-text.ts";
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
    return storableText(textOfParts(memory, this.parts(memory)));
  }

  parts(memory: Memory): DocumentParts {
    return {
      when: whenThere(memory),
      where: whereOf(memory),
      lines: [
        ["title", memory.title === null ? [] : [memory.title]],
        ["files", attachmentList(memory)],
        ["page", memory.url === undefined ? [] : [memory.url]],
        ["people", factsOf(memory).people],
        ["tags", memory.tags],
        // Not among the tags, which the built-in extractor takes for things: it finds in the text what is worth one.
        ["about", foundTags(memory)],
      ],
      content: contentOf(memory, segmentedText(memory)),
    };
  }
}

/** The place in words, else its coordinates. */
function whereOf(memory: Memory): string | null {
  const { location } = memory;
  return placesOf(memory) || (location && `at ${roughCoordinates(location)}`);
}
