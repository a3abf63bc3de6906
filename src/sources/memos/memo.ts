import { attachmentsOf } from "../../domain/attachments.ts";
import type { Attachment, Memory } from "../../domain/memory.ts";
import { compareCodePoints } from "../../kernel/util/code-point-order.ts";
import { placeOf } from "../coordinates.ts";
import { ItemFields } from "../item-fields.ts";
import { isRecord, type ParsedItem } from "../json-list/parsed-item.ts";
import { parseTimestamp } from "../timestamp.ts";

/** A file of a memo. */
export interface MemosFile {
  /** `attachments/ID`; up to 0.24 `resources/ID`. */
  name: string;
  filename: string;
  kind: Attachment["kind"];
  /** False for one that lies at another server. */
  isHere: boolean;
}

/** The id in `memos/ID`; the empty text where there is none. */
export function idOf(item: unknown): string {
  const name = isRecord(item) ? item.name : null;
  return typeof name === "string" ? name.replace(/^memos\//u, "") : "";
}

/** When it was made, in whole seconds since the epoch. */
export function secondOf(item: unknown): number | null {
  const time = isRecord(item) && typeof item.createTime === "string" ? parseTimestamp(item.createTime) : null;
  return time === null ? null : Math.floor(Date.parse(time) / 1000);
}

/** Reads a memo. `comments` are added to its text; `page` is the address of its page. */
export function readMemo(
  item: unknown,
  { comments, page }: { comments: readonly string[]; page: string },
): ParsedItem {
  const fields = new ItemFields(isRecord(item) ? { ...item, name: idOf(item) || item.name } : item);
  const id = fields.id("name");
  const row = isRecord(item) ? item : {};
  const files = filesOf(row);
  const flagged = [firstOf(files, "audio"), firstOf(files, "image")];
  const attachments = attachmentsOf(
    files
      .filter((file) => !flagged.includes(file))
      .map(({ kind, filename, name }) => ({ kind, name: filename || null, id: name })),
  );
  const { location, property } = row;
  const placeName = isRecord(location) ? new ItemFields(location).optional("placeholder") : null;
  const memory: Memory = {
    id,
    type: "note",
    audio: flagged[0] !== undefined,
    image: flagged[1] !== undefined,
    transcript: [fields.text("content"), ...comments].filter(Boolean).join("\n\n"),
    location: isRecord(location) ? placeOf(location.latitude, location.longitude) : null,
    createdAt: fields.time("createTime"),
    timeSource: "entry",
    updatedAt: latest([fields.optionalTime("updateTime"), ...fileTimes(row)]),
    title: isRecord(property) ? new ItemFields(property).optional("title") : null,
    tags: tagsOf(row.tags),
    format: "markdown",
    url: `${page}/${encodeURIComponent(id)}`,
    ...(placeName !== null && { placeName }),
    ...(attachments.length > 0 && { attachments }),
  };
  const malformed = fields.malformed(id);
  return malformed === null ? { kind: "memory", memory } : { kind: "malformed", malformed };
}

/** The files of a memo, in its order. */
export function filesOf({ attachments, resources }: Record<string, unknown>): MemosFile[] {
  return listOf(attachments ?? resources).flatMap(({ name, filename, type, externalLink }) => {
    if (typeof name !== "string") return [];
    const [kind = ""] = typeof type === "string" ? type.split("/") : [];
    return {
      name,
      filename: typeof filename === "string" ? filename.toWellFormed() : "",
      kind: kind === "audio" || kind === "image" || kind === "video" ? kind : "file",
      isHere: externalLink === undefined || externalLink === "",
    };
  });
}

/** The one recording, the one picture of a memo. */
export function firstOf(files: readonly MemosFile[], kind: "audio" | "image"): MemosFile | undefined {
  return files.find((file) => file.kind === kind && file.isHere);
}

/** Adding a file does not move the memo's own time of change. */
function fileTimes({ attachments, resources }: Record<string, unknown>): (string | null)[] {
  return listOf(attachments ?? resources).map((file) => new ItemFields(file).optionalTime("createTime"));
}

/** Tags come in no promised order. */
function tagsOf(tags: unknown): string[] {
  const texts = Array.isArray(tags)
    ? tags.filter((tag) => typeof tag === "string" && tag !== "" && tag.isWellFormed())
    : [];
  return [...new Set<string>(texts)].sort(compareCodePoints);
}

function latest(times: readonly (string | null)[]): string | null {
  return (
    times
      .filter((time) => time !== null)
      .toSorted()
      .at(-1) ?? null
  );
}

const listOf = (value: unknown) => (Array.isArray(value) ? value.filter(isRecord) : []);
