import { factsOf, type Memory } from "../domain/memory.ts";

/** Stands where the transcript would be, so that nobody takes a silent memory for a lost one. */
export const noTranscript = "[no transcript]";

/** What was said: as the source wrote it down, else as the audio was transcribed here; the empty string when nothing is known. */
export function spokenText(memory: Memory): string {
  return memory.transcript.trim() || (factsOf(memory).transcription?.trim() ?? "");
}

/** What the picture shows and what is written in it; the empty string when nobody has looked. */
export function imageText(memory: Memory): string {
  const { image } = factsOf(memory);
  if (image === null) return "";
  return [`Image: ${image.description}`, image.text === "" ? "" : `Text in the image: ${image.text}`]
    .filter(Boolean)
    .join("\n");
}

/** A document's content: what was said and what the picture shows, or the marker that there is neither. */
export function contentOf(memory: Memory): string {
  return [spokenText(memory), imageText(memory)].filter(Boolean).join("\n\n") || noTranscript;
}

/** Whether there is anything but the header to write down. */
export function hasContent(memory: Memory): boolean {
  return spokenText(memory) !== "" || imageText(memory) !== "";
}
