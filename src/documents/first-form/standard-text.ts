import type { Memory } from "../../domain/memory.ts";
import { contentOf } from "../content.ts";
import { readableUtc } from "../local-time.ts";
import { headerLine } from "../storable-text.ts";
import { unreadSuffix } from "../words.ts";

/** The standard strategy's text in the first form: a header of labelled lines, an empty line, and the content. */
export function firstStandardText(memory: Memory): string {
  const header = [
    headerLine("Title", memory.title),
    headerLine("Type", memory.type),
    headerLine("Recorded", readableUtc(memory.createdAt)),
    headerLine("Location", memory.location && `${memory.location.lat}, ${memory.location.lon}`),
    headerLine("Media", mediaOf(memory)),
    headerLine("Tags", memory.tags.join(", ")),
  ];
  return `${header.join("")}
${contentOf(memory)}`;
}

function mediaOf(memory: Memory): string {
  const kinds = (["audio", "image"] as const).filter((kind) => memory[kind]);
  return kinds.map((kind) => `${kind}${unreadSuffix(memory, kind)}`).join(", ") || "none";
}
