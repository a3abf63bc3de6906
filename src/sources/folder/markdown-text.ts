import { attachmentKind } from "../files-of-a-folder/file-kinds.ts";

/** What a note says, as text, and what it names. */
export interface NoteText {
  text: string;
  /** As written, in order. */
  tags: string[];
  /** Files that it includes, as it names them: by name, or by path from the note or from the vault. */
  files: string[];
}

/** A block of code, or code within a line: nothing in it is a link, a tag or a comment. */
const code = /^(?:```|~~~).*\n(?:(?!```|~~~).*\n)*(?:```|~~~).*$|`[^`\n]+`/gmu;

const comment = /%%[^%]*(?:%(?!%)[^%]*)*%%/gu;
const embed = /!\[\[([^[\]\n|#]*)(?:#[^[\]\n|]*)?(?:\|[^[\]\n]*)?\]\]/gu;
const link = /\[\[([^[\]\n|#]*)(?:#([^[\]\n|]*))?(?:\|([^[\]\n]*))?\]\]/gu;
const image = /!\[([^[\]\n]*)\]\((?:<([^<>\n]+)>|([^()\s<>]+))(?:[ \t]+"[^"\n]*")?\)/gu;
const blockId = /(?<![ \t])[ \t]+\^[A-Za-z0-9-]+$/gmu;
const callout = /^((?:>[ \t]?){1,20})\[![\w-]+\][+-]?[ \t]*/gmu;
const outlineMark = /^[ \t]*(?:id|collapsed):: .*\n?/gmu;
const tag = /(?<![\p{L}\p{N}_/#&-])#([\p{L}\p{N}_/-]*[\p{L}_/-][\p{L}\p{N}_/-]*)/gu;

/** Where a link leads: no place for tags. */
const target = /\]\([^()\n]*\)/gu;

/** Reads Obsidian's and Logseq's Markdown as text: links by what they show, without comments, block ids and included files. */
export function readMarkdown(markdown: string): NoteText {
  const files: string[] = [];
  const tags: string[] = [];
  const text = outsideCode(markdown, (part) => {
    const shown = showLinks(withoutMarks(part), files);
    for (const [, name] of shown.replace(target, "]").matchAll(tag)) if (name !== undefined) tags.push(name);
    return shown;
  });
  return { text: text.trim(), tags, files };
}

function withoutMarks(part: string): string {
  return part.replace(comment, "").replace(blockId, "").replace(callout, "$1").replace(outlineMark, "");
}

function showLinks(part: string, files: string[]): string {
  return part
    .replace(embed, (_, name: string) => {
      if (attachmentKind(name) === null) return name.trim();
      files.push(name.trim());
      return "";
    })
    .replace(image, (_, shown: string, quoted: string | undefined, plain: string | undefined) => {
      const address = quoted ?? plain ?? "";
      if (!/^[a-z][a-z0-9+.-]*:/iu.test(address)) files.push(decoded(address));
      return shown;
    })
    .replace(link, (_, note: string, heading: string | undefined, shown: string | undefined) =>
      (shown || note || heading || "").trim(),
    );
}

/** A path in a link may be written with `%20`. */
function decoded(address: string): string {
  try {
    return decodeURIComponent(address);
  } catch {
    return address;
  }
}

function outsideCode(markdown: string, read: (part: string) => string): string {
  let text = "";
  let end = 0;
  for (const match of markdown.matchAll(code)) {
    text += read(markdown.slice(end, match.index)) + match[0];
    end = match.index + match[0].length;
  }
  return text + read(markdown.slice(end));
}

const property = /^[ \t]*(?:- )?([\p{L}\p{N}_-]+):: ?(.*)$/u;

/** Divides the properties at the top of a page of Logseq (`title:: Sunday`) from its text. */
export function divideProperties(text: string): { fields: Map<string, string>; text: string } {
  const lines = text.split("\n");
  const fields = new Map<string, string>();
  for (const line of lines) {
    const [, name, value] = property.exec(line) ?? [];
    if (name === undefined || value === undefined) break;
    fields.set(name.toLowerCase(), value.trim());
  }
  return { fields, text: lines.slice(fields.size).join("\n") };
}

/** The first heading of the highest level; null when there is none. */
export function firstHeading(text: string): string | null {
  const heading = /^# +(\S.*)$/mu.exec(text)?.[1];
  return heading?.replace(/(?<![ \t#])[ \t#]+$/u, "") || null;
}
