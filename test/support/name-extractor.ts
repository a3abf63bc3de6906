import type { ConnectorError } from "../../src/kernel/errors/connector-error.ts";
import type { Extraction, ExtractionModel } from "../../src/sinks/lightrag/embedded/models/models.ts";

/** Finds capitalised words, and ties each to the next. Texts that name Eve are refused as long as `refuses` holds. */
export class NameExtractor implements ExtractionModel {
  readonly id = "names";
  refuses: ConnectorError | undefined;
  calls = 0;

  async extract(text: string): Promise<Extraction> {
    this.calls++;
    if (this.refuses !== undefined && text.includes("Eve")) throw this.refuses;
    const names = [...new Set(text.match(/\b\p{Lu}\p{Ll}+/gu) ?? [])];
    return {
      entities: names.map((name) => ({ name, type: "person", description: `${name} in: ${text}` })),
      relations: names.slice(1).map((target, i) => ({
        source: names[i] ?? "",
        target,
        keywords: "near",
        description: `${names[i]} and ${target} in: ${text}`,
      })),
    };
  }
}
