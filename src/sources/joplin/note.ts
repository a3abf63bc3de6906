import { attachmentsOf } from "../../domain/attachments.ts";
import type { Attachment, MalformedMemory, Memory } from "../../domain/memory.ts";
import type { MediumMark } from "../../kernel/http/medium-mark.ts";
import { compareCodePoints } from "../../kernel/util/code-point-order.ts";
import { offsetSecondsAt } from "../../kernel/util/time-zone.ts";
import { placeOf } from "../coordinates.ts";
import { ItemFields } from "../item-fields.ts";
import { malformedItem } from "../json-list/parsed-item.ts";
import type { PendingMemory } from "../memory-source.ts";
import type { JoplinRow } from "./joplin-api.ts";

/** A file that notes may link to. */
export interface JoplinFile {
  id: string;
  name: string | null;
  kind: Attachment["kind"];
  /** False while it is encrypted. */
  isReadable: boolean;
  mark: MediumMark;
}

/** What is known beside a note itself. */
export interface NoteSurroundings {
  tags: readonly string[];
  /** The file of this id; undefined for a note, or for nothing. */
  fileOf(id: string): JoplinFile | undefined;
  timeZone: string;
}

/** What a row of Joplin's is. */
export type ReadNote =
  | { kind: "memory"; memory: Memory }
  | { kind: "malformed"; malformed: MalformedMemory }
  | { kind: "pending"; pending: PendingMemory }
  /** In the bin, or a copy that a conflict has left. */
  | { kind: "gone"; id: string };

const html = 2;

/** Reads a note. */
export function readNote(row: JoplinRow, { tags, fileOf, timeZone }: NoteSurroundings): ReadNote {
  const { id } = row;
  if (Number(row.deleted_time) > 0 || Number(row.is_conflict) === 1) return { kind: "gone", id };
  if (row.tooLarge === true) return tooLarge(row);
  const fields = new ItemFields(row);
  if (Number(row.encryption_applied) === 1) {
    const at = fields.optionalTime("user_created_time") ?? fields.optionalTime("created_time");
    return { kind: "pending", pending: { id, at: at === null ? null : Date.parse(at) } };
  }
  const isHtml = Number(row.markup_language) === html;
  const body = fields.text("body");
  const linked = filesIn(body, fileOf);
  const attachments = attachmentsOf(withoutFlagged(linked));
  const isTodo = Number(row.is_todo) === 1;
  const memory: Memory = {
    id: fields.id("id"),
    type: isTodo ? "todo" : "note",
    audio: firstOf(linked, "audio") !== undefined,
    image: firstOf(linked, "image") !== undefined,
    transcript: [isTodo ? todoLine(row, timeZone) : "", textOf(body, fileOf)].filter(Boolean).join("\n\n"),
    location: placeOf(row.latitude, row.longitude),
    createdAt: fields.time("user_created_time", "created_time"),
    timeSource: "entry",
    updatedAt: fields.optionalTime("updated_time"),
    title: fields.optional("title"),
    tags: [...new Set(tags)].sort(compareCodePoints),
    format: isHtml ? "html" : "markdown",
    url: `joplin://x-callback-url/openNote?id=${id}`,
    ...(attachments.length > 0 && { attachments }),
  };
  const malformed = fields.malformed(memory.id);
  return malformed === null ? { kind: "memory", memory } : { kind: "malformed", malformed };
}

function tooLarge(row: JoplinRow): ReadNote {
  const { malformed } = malformedItem(row, row.id, ["it is larger than one answer may be"]);
  return { kind: "malformed", malformed: { ...malformed, code: "MEMORY_TOO_LARGE" } };
}

/** From a row of its own. */
export function toFile({ id, title, mime, ...row }: JoplinRow): JoplinFile {
  const isEncrypted = Number(row.encryption_applied) === 1 || Number(row.encryption_blob_encrypted) === 1;
  const [kind = ""] = typeof mime === "string" ? mime.split("/") : [];
  return {
    id,
    name: typeof title === "string" && title !== "" ? title.toWellFormed() : null,
    kind: kind === "audio" || kind === "image" || kind === "video" ? kind : "file",
    isReadable: !isEncrypted,
    mark: {
      ...(typeof row.size === "number" && { bytes: row.size }),
      ...(typeof row.updated_time === "number" && { date: String(row.updated_time) }),
    },
  };
}

/** The one recording, the one picture of a note. */
export function firstOf(files: readonly JoplinFile[], kind: "audio" | "image"): JoplinFile | undefined {
  return files.find((file) => file.kind === kind && file.isReadable);
}

const withoutFlagged = (files: readonly JoplinFile[]) => {
  const flagged = [firstOf(files, "audio"), firstOf(files, "image")];
  return files.filter((file) => !flagged.includes(file));
};

const anyLink = /:\/([0-9a-f]{32})/gu;
const markdownLink = /(!?)\[((?:[^[\]\n\\]|\\.)*)\]\(:\/([0-9a-f]{32})(?:#[^()\s]*)?(?:[ \t]+"[^"\n]*")?\)/gu;
const imageTag = /<img\b[^<>]*\bsrc=["']?:\/([0-9a-f]{32})[^<>]*>/giu;

/** The ids of all notes and files to which a text links, in its order. */
export function linkedIds(body: string): string[] {
  return [...new Set(Array.from(body.matchAll(anyLink), ([, id = ""]) => id))];
}

/** The files to which a text links, in its order. */
export function filesIn(body: string, fileOf: NoteSurroundings["fileOf"]): JoplinFile[] {
  return linkedIds(body).flatMap((id) => fileOf(id) ?? []);
}

/** The text with links as what they show, without the files that it includes. */
function textOf(body: string, fileOf: NoteSurroundings["fileOf"]): string {
  return body
    .replace(/\r\n?/gu, "\n")
    .replace(markdownLink, (_, embeds: string, shown: string, id: string) =>
      embeds !== "" && fileOf(id) !== undefined ? "" : shown,
    )
    .replace(imageTag, "")
    .trim();
}

function todoLine({ todo_due: due, todo_completed: completed }: JoplinRow, timeZone: string): string {
  const isDone = Number(completed) > 0;
  const times = [
    ...(Number(due) > 0 ? [`due ${localTime(Number(due), timeZone)}`] : []),
    ...(isDone ? [`done ${localTime(Number(completed), timeZone)}`] : []),
  ];
  return `${[isDone ? "[x] To do" : "[ ] To do", ...times].join(", ")}.`;
}

/** As clocks of the zone show it: `2026-03-01 08:15`. */
function localTime(instant: number, timeZone: string): string {
  if (Number.isNaN(new Date(instant).getTime())) return "at a time that is none";
  const shown = new Date(instant + offsetSecondsAt(instant, timeZone) * 1000);
  return shown.toISOString().slice(0, 16).replace("T", " ");
}
