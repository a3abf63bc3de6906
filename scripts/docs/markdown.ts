/** The first line of every generated page. */
export const generatedNote = (source: string): string =>
  `<!-- Generated from ${source} by \`npm run docs:generate\`. Change it there. -->`;

/** A Markdown table. Cells may hold Markdown; pipes and line breaks in them are taken care of. */
export function table(heads: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.map(cell).join(" | ")} |`;
  return [line(heads), `| ${heads.map(() => "---").join(" | ")} |`, ...rows.map(line)].join("\n");
}

const cell = (text: string): string => text.replaceAll("|", "\\|").replaceAll("\n", " ");

export const code = (text: string): string => `\`${text}\``;

export const fenced = (language: string, text: string): string => `\`\`\`${language}\n${text.trim()}\n\`\`\``;

/** Paragraphs, tables and headings with an empty line between them. */
export const page = (parts: readonly string[]): string => `${parts.join("\n\n")}\n`;
