import type { Memory } from "../domain/memory.ts";
import { contentOf } from "./content.ts";
import { type DocumentParts, textOfParts } from "./document-parts.ts";
import { firstStandardText } from "./first-form/standard-text.ts";
import { whenInUtc } from "./headline.ts";
import type { TransformationStrategy } from "./transformation-strategy.ts";
import { roughCoordinates } from "./words.ts";

/** The standard strategy: a headline, title and tags where the source has them, an empty line, and the content. */
export class StandardTransformationStrategy implements TransformationStrategy {
  readonly name = "standard";
  readonly firstForm = firstStandardText;

  transform(memory: Memory): string {
    return textOfParts(memory, this.parts(memory));
  }

  parts(memory: Memory): DocumentParts {
    return {
      when: whenInUtc(memory),
      where: memory.location && `at ${roughCoordinates(memory.location)}`,
      lines: [
        ["title", memory.title === null ? [] : [memory.title]],
        ["tags", memory.tags],
      ],
      content: contentOf(memory),
    };
  }
}
