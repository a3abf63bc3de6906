import { factsOf, type Memory, type Segment } from "../domain/memory.ts";
import { foldWhiteSpace } from "./storable-text.ts";

/** Stands in for an empty transcript, so that a silent memory is not mistaken for a lost one. */
export const noTranscript = "[no transcript]";

/** The spoken text: the source's transcript, or else our own transcription of the audio; empty when there is neither. */
export function spokenText(memory: Memory): string {
  return memory.transcript.trim() || (factsOf(memory).transcription?.trim() ?? "");
}

/** The picture's description and the text in it; empty when the picture has not been read. */
export function imageText(memory: Memory): string {
  const { image } = factsOf(memory);
  if (image === null) return "";
  return [`Image: ${image.description}`, image.text === "" ? "" : `Text in the image: ${image.text}`]
    .filter(Boolean)
    .join("\n");
}

/** The spoken text with speakers and times, one line per segment; the whole text when the source has no segments. */
export function segmentedText(memory: Memory): string {
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

/** A document's content: the spoken text and the picture's description, or the marker that there is neither. */
export function contentOf(memory: Memory, said = spokenText(memory)): string {
  return [said, imageText(memory)].filter(Boolean).join("\n\n") || noTranscript;
}

/** Whether the document would have more than its header. */
export function hasContent(memory: Memory): boolean {
  return spokenText(memory) !== "" || imageText(memory) !== "";
}
