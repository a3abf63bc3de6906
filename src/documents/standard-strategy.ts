import type { Memory } from "../domain/memory.ts";
import { contentOf } from "./content.ts";
import { firstStandardText } from "./first-form/standard-text.ts";
import { headline, whenInUtc } from "./headline.ts";
import { headerLine } from "./storable-text.ts";
import type { TransformationStrategy } from "./transformation-strategy.ts";
import { roughCoordinates } from "./words.ts";

/** The standard strategy: a headline, title and tags where the source has them, an empty line, and the content. */
export class StandardTransformationStrategy implements TransformationStrategy {
  readonly name = "standard";
  readonly firstForm = firstStandardText;

  transform(memory: Memory): string {
    const where = memory.location && `at ${roughCoordinates(memory.location)}`;
    const header = [
      `${headline(memory, { when: whenInUtc(memory), where })}\n`,
      headerLine("title", memory.title),
      headerLine("tags", memory.tags.join(", ")),
    ];
    return `${header.join("")}\n${contentOf(memory)}`;
  }
}
