/** C0 controls except tab and line feed, DEL, C1 controls, unpaired surrogates, and two noncharacters. */
const unprintable = /[\p{Cc}\p{Surrogate}\uFFFE\uFFFF]/gu;

/**
 * A text as LightRAG stores it: without control characters and unpaired surrogates, and with `\n` as line end (contract §3.3).
 * Applied before sending, so that the text that is sent, hashed and shown is the one that LightRAG stores.
 */
export function storableText(text: string): string {
  return text
    .replace(/\r\n?/gu, "\n")
    .replace(unprintable, (character) => (character === "\n" || character === "\t" ? character : ""));
}

/** `Label: value` and a line end, with white space folded so that a value cannot forge a header; nothing for an empty value. */
export function headerLine(label: string, value: string | null | undefined): string {
  const folded = foldWhiteSpace(value ?? "");
  return folded === "" ? "" : `${label}: ${folded}\n`;
}

export function foldWhiteSpace(text: string): string {
  return text.replace(/\s+/gu, " ").trim();
}
