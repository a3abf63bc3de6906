import { basename } from "node:path/posix";
import { attachmentsOf } from "../../domain/attachments.ts";
import type { Attachment, Memory } from "../../domain/memory.ts";
import { momentInName } from "../file-name-time.ts";
import { attachmentKind, extensionOf } from "../files-of-a-folder/file-kinds.ts";
import { usableId } from "../listed-item.ts";
import { divideNote } from "./front-matter.ts";
import { divideProperties, firstHeading, readMarkdown } from "./markdown-text.ts";
import { readFields } from "./note-fields.ts";

/** A file that a note includes. */
export interface IncludedFile {
  kind: Attachment["kind"];
  /** Below the root; null when it is not there. */
  path: string | null;
  name: string;
}

/** A note as its file says it; whose memory it is, and since when, the index of files knows. */
export interface Note {
  /** From its front matter. */
  id: string | null;
  memory: Omit<Memory, "id" | "createdAt" | "timeSource">;
  /** From the note or its name; null when neither says it. */
  time: Pick<Memory, "createdAt" | "timeSource"> | null;
  included: readonly IncludedFile[];
  /** What of its front matter could not be read, for people. */
  doubts: readonly string[];
}

export interface NoteSurroundings {
  /** Below the root. */
  path: string;
  timeZone: string;
  /** The path of a file that the note names; null when there is none. */
  find(name: string): string | null;
}

/** Reads a note. */
export function readNote(content: string, { path, timeZone, find }: NoteSurroundings): Note {
  const divided = divideNote(content.replace(/\r\n?/gu, "\n"));
  const page = divideProperties(divided.text);
  const fields = readFields(new Map([...page.fields, ...divided.fields]), timeZone);
  const isMarkdown = extensionOf(path) !== "txt";
  const { text, tags, files } = isMarkdown ? readMarkdown(page.text) : plain(page.text);
  const included = files.map((name) => includedFile(name, find));
  const attachments = attachmentsOf(withoutFlagged(included).map(named));
  const name = basename(path);
  return {
    id: usableId(fields.id),
    included,
    doubts: [...(divided.doubt === null ? [] : [divided.doubt]), ...fields.doubts],
    time: timeOf(fields.createdAt, name, timeZone),
    memory: {
      type: "note",
      audio: firstOf(included, "audio") !== undefined,
      image: firstOf(included, "image") !== undefined,
      transcript: text.toWellFormed(),
      location: fields.location,
      updatedAt: fields.updatedAt,
      title:
        fields.title ??
        headingOf(text, name, timeZone) ??
        name.slice(0, name.length - extensionOf(name).length - 1),
      tags: [...new Map([...fields.tags, ...tags].map((tag) => [tag.toLowerCase(), tag])).values()],
      ...(isMarkdown && { format: "markdown" }),
      ...(fields.placeName !== null && { placeName: fields.placeName }),
      ...(attachments.length > 0 && { attachments }),
    },
  };
}

/** On a page of a day that has several headings, each is of a part of the day. */
function headingOf(text: string, name: string, timeZone: string): string | null {
  const isOfParts = momentInName(name, timeZone) !== null && (text.match(/^# +\S/gmu) ?? []).length > 1;
  return isOfParts ? null : firstHeading(text);
}

const plain = (text: string) => ({ text: text.trim(), tags: [], files: [] });

function timeOf(created: string | null, name: string, timeZone: string): Note["time"] {
  if (created !== null) return { createdAt: created, timeSource: "entry" };
  const named = momentInName(name, timeZone);
  return named === null ? null : { createdAt: named.time, timeSource: "file_name" };
}

function includedFile(name: string, find: (name: string) => string | null): IncludedFile {
  return { kind: attachmentKind(name) ?? "file", path: find(name), name: basename(name) };
}

/** The first file of a kind that is there: the one recording, the one picture. */
export function firstOf(
  included: readonly IncludedFile[],
  kind: "audio" | "image",
): IncludedFile | undefined {
  return included.find((file) => file.kind === kind && file.path !== null);
}

function withoutFlagged(included: readonly IncludedFile[]): IncludedFile[] {
  const flagged = [firstOf(included, "audio"), firstOf(included, "image")];
  return included.filter((file) => !flagged.includes(file));
}

const named = ({ kind, name, path }: IncludedFile) => ({ kind, name, id: path ?? name });
