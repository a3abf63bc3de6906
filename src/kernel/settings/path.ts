/** Keys and indexes from the root of the configuration. A pattern has `[]` where any index fits. */
export type Path = readonly (string | number)[];

/** `connectors[0].schedule.cron`; keys with unusual characters are quoted. */
export function pathText(path: Path): string {
  return path.reduce<string>((text, segment) => text + segmentText(segment, text === ""), "");
}

function segmentText(segment: string | number, first: boolean): string {
  if (typeof segment === "number") return `[${segment}]`;
  if (segment === "[]") return segment;
  if (!/^[\w-]+$/.test(segment)) return `[${escapeControls(JSON.stringify(segment))}]`;
  return first ? segment : `.${segment}`;
}

/** Escapes characters that change how a terminal shows the rest of the text. */
export function escapeControls(text: string): string {
  return text.replace(
    /[\p{Cc}\p{Cf}\p{Cs}]/gu,
    (unit) => `\\u${(unit.codePointAt(0) ?? 0).toString(16).padStart(4, "0")}`,
  );
}
