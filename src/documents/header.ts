/** `Label: value` and a line end, with white space folded so that a value cannot forge a header; nothing for an empty value. */
export function headerLine(label: string, value: string | null | undefined): string {
  const folded = foldWhiteSpace(value ?? "");
  return folded === "" ? "" : `${label}: ${folded}\n`;
}

export function foldWhiteSpace(text: string): string {
  return text.replace(/\s+/gu, " ").trim();
}
