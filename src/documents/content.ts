import { factsOf, type Memory, type Segment } from "../domain/memory.ts";
import { foldWhiteSpace } from "./storable-text.ts";

/** Placeholder for the transcript, so that a silent memory is not mistaken for a lost one. */
export const noTranscript = "[no transcript]";

/** What was said: as the source wrote it down, else as the audio was transcribed here; the empty string when nothing is known. */
export function spokenText(memory: Memory): string {
  return memory.transcript.trim() || (factsOf(memory).transcription?.trim() ?? "");
}

/** What the picture shows and what is written in it; the empty string when it was not read. */
export function imageText(memory: Memory): string {
  const { image } = factsOf(memory);
  if (image === null) return "";
  return [`Image: ${image.description}`, image.text === "" ? "" : `Text in the image: ${image.text}`]
    .filter(Boolean)
    .join("\n");
}

/** What was said by whom and when, a line a segment; the whole text where the source does not divide it. */
export function dividedText(memory: Memory): string {
  const lines = (memory.segments ?? []).map(segmentLine).filter(Boolean);
  return lines.join("\n") || spokenText(memory);
}

/** `[1:02:03–1:02:06] Ada: We meet at noon.` */
function segmentLine({ speaker, startMs, endMs, text }: Segment): string {
  const said = foldWhiteSpace(text);
  if (said === "") return "";
  const times = [startMs, endMs].flatMap((ms) => (ms === null ? [] : clockOf(ms))).join("–");
  const name = foldWhiteSpace(speaker ?? "");
  return `${times === "" ? "" : `[${times}] `}${name === "" ? "" : `${name}: `}${said}`;
}

function clockOf(ms: number): string {
  const seconds = Math.floor(Math.max(0, ms) / 1000);
  const [hours, minutes] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60];
  const rest = String(seconds % 60).padStart(2, "0");
  return hours === 0 ? `${minutes}:${rest}` : `${hours}:${String(minutes).padStart(2, "0")}:${rest}`;
}

/** A document's content: what was said and what the picture shows, or the marker that there is neither. */
export function contentOf(memory: Memory, said = spokenText(memory)): string {
  return [said, imageText(memory)].filter(Boolean).join("\n\n") || noTranscript;
}

/** Whether there is anything but the header to write down. */
export function hasContent(memory: Memory): boolean {
  return spokenText(memory) !== "" || imageText(memory) !== "";
}
