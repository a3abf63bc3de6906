import { type Memory, withFacts } from "../../domain/memory.ts";
import { spokenText } from "../content.ts";
import { printable } from "../printable.ts";
import { readTextFacts } from "../text/text-facts.ts";
import type { MemoryEnricher } from "./memory-enricher.ts";

/** Finds tags, people and links in what was said. */
export class TextEnricher implements MemoryEnricher {
  async enrich(_contextId: string, memory: Memory, signal: AbortSignal): Promise<Memory> {
    return withFacts(memory, await readTextFacts(printable(spokenText(memory)), signal));
  }
}
