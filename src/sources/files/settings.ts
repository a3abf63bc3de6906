import { resolve } from "node:path";
import * as z from "zod";
import { metadata } from "../../kernel/settings/metadata.ts";
import { count, path, text, timeZone } from "../../kernel/settings/types.ts";
import { isKnownCharset } from "../../kernel/util/decode/charset.ts";
import type { SourceKind } from "../source-kind.ts";
import { type FieldMap, type MappedField, mappedFields } from "./field-map.ts";
import { timeReader } from "./time-format.ts";

/** What files may be. `auto` looks at each. */
export const fileFormats = [
  "auto",
  "jsonl",
  "json",
  "csv",
  "day_one",
  "google_keep",
  "telegram",
  "whatsapp",
  "chatgpt",
  "claude",
  "jrnl",
  "mcp_memory",
] as const;
export type FileFormat = (typeof fileFormats)[number];

const listOf = <Type extends z.ZodType<string>>(one: Type) =>
  z.union([one, z.array(one).min(1)]).transform((given) => (Array.isArray(given) ? given : [given]));

const fieldDescriptions: Readonly<Record<MappedField, [description: string, example: string | string[]]>> = {
  id: [
    "What tells it from the others. Without one it is told by its contents, and an edit is another memory.",
    "id",
  ],
  time: ["When it was made.", ["date", "time"]],
  updated: ["When it was last changed.", "edited"],
  text: ["What it says; several are joined by line ends.", "body"],
  title: ["Its title.", "subject"],
  tags: ["A list, or a text with commas or semicolons.", "labels"],
  place: ["A place: `50.73,7.1`, an object with `lat` and `lon`, or its name.", "location"],
  lat: ["Degrees north, also with a decimal comma.", "place.lat"],
  lon: ["Degrees east.", "place.lon"],
  person: ["Who says it.", "author"],
  type: ["What kind of memory it is.", "kind"],
  url: ["Where a person can look at it.", "link"],
  deleted: ["Where this is true, the memory with that id is gone.", "deleted"],
};

const mapSettings = z.strictObject(
  Object.fromEntries(
    mappedFields.map((field) => {
      const [description, example] = fieldDescriptions[field];
      return [field, listOf(text()).optional().register(metadata, { description, example })];
    }),
  ) as Record<MappedField, z.ZodOptional<ReturnType<typeof listOf<ReturnType<typeof text>>>>>,
);

const timeFormat = text().refine((format) => timeReader(format) !== null, {
  error:
    "must be auto, iso, epoch_s, epoch_ms, epoch_us, epoch_ns, excel, or a pattern with a day, such as dd.MM.yyyy HH:mm",
});

export const filesSettings = z.strictObject({
  path: listOf(path()).register(metadata, {
    description:
      "The files: one, several, or patterns such as `exports/*.jsonl`; a folder stands for all files in it, a zip archive for those in it. They are never written to.",
    example: "./notes.csv",
  }),
  format: z.enum(fileFormats).prefault("auto").register(metadata, {
    description:
      "What the files are: lists, or exports of other programs. `auto` tells it by their contents, but for exports of WhatsApp, which never hold a whole chat for certain.",
  }),
  map: mapSettings.prefault({}).register(metadata, {
    description:
      "Where an item has what: names, or dotted paths such as `place.lat`; several are joined. What is left out is found by its usual names.",
    example: { id: "nr", time: ["date", "time"], text: "body" },
  }),
  items: text().optional().register(metadata, {
    description:
      "Dotted path to the list in a JSON file. Left out, it is the file itself, or the first list in it.",
    example: "data.notes",
  }),
  time_format: timeFormat.prefault("auto").register(metadata, {
    description:
      "How times are written: `iso`, `epoch_s`, `epoch_ms`, `epoch_us`, `epoch_ns`, `excel`, or a pattern. `auto` reads what can be read in one way only.",
    example: "dd/MM/yyyy HH:mm",
  }),
  date_order: z.enum(["day_first", "month_first", "year_first"]).optional().register(metadata, {
    description: "What comes first in the dates of WhatsApp's export, which are as the phone shows them.",
    defaultText: "what the chat shows by a day beyond the 12th, or by dots",
    example: "day_first",
  }),
  chat: text().optional().register(metadata, {
    description: "Name of the chat in an export of WhatsApp, which tells it from other chats.",
    defaultText: "what the file's name says",
    example: "Ben",
  }),
  timezone: timeZone().optional().register(metadata, {
    description: "Zone of times that say none.",
    defaultText: "the connector's `timezone`",
    example: "Europe/Lisbon",
  }),
  without_time: z.enum(["refuse", "first_seen"]).prefault("refuse").register(metadata, {
    description:
      "What becomes of an item without a time: a dead letter, or a memory of the moment when it was first seen.",
  }),
  delimiter: z
    .string()
    .length(1)
    .refine((value) => value !== '"' && value !== "\n" && value !== "\r", {
      error: "must not be a quote or a line end",
    })
    .meta({ title: "text" })
    .optional()
    .register(metadata, {
      description: "What divides the columns of a CSV file.",
      defaultText: "the most frequent of `,` `;` tab `|` in the first line",
      example: ";",
    }),
  header: z.boolean().prefault(true).register(metadata, {
    description:
      "Whether a CSV file's first line names the columns; else they are called `1`, `2` and so on.",
  }),
  encoding: text()
    .refine(isKnownCharset, { error: "must be an encoding such as utf-8, utf-16le or windows-1252" })
    .optional()
    .register(metadata, {
      description: "How the files write text.",
      defaultText: "UTF-8, or what their byte order mark says",
      example: "windows-1252",
    }),
  snapshot: z.boolean().optional().register(metadata, {
    description:
      "Whether an item that is not in the files any more counts as deleted. Set it to false for files that hold the last weeks only.",
    defaultText: "true, but for exports of WhatsApp",
  }),
  memory_type: text().prefault("note").register(metadata, {
    description: "What kind of memory an item is that does not say it.",
  }),
  max_item_bytes: count({ min: 1024, max: 256 * 1024 * 1024 })
    .prefault(16 * 1024 * 1024)
    .register(metadata, { description: "A larger line, row or item becomes a dead letter." }),
});

/** What files are read by. */
export interface FilesOptions {
  /** Whose they are; null for those that are only looked at. */
  connectorId: string | null;
  /** Absolute paths and patterns. */
  paths: readonly string[];
  format: FileFormat;
  map: FieldMap;
  /** Names that lead to the list; null where nobody says it. */
  items: readonly string[] | null;
  timeFormat: string;
  dateOrder: "day_first" | "month_first" | "year_first" | null;
  /** Of WhatsApp; null where the file's name says it. */
  chat: string | null;
  timeZone: string;
  mayLackTime: boolean;
  delimiter: string | null;
  header: boolean;
  encoding: string | null;
  isSnapshot: boolean;
  memoryType: string;
  maxItemBytes: number;
}

/** A relative path is relative to `folder`; `timezone` and `connectorId` are the connector's. */
export function toFilesConfig(
  settings: z.output<typeof filesSettings>,
  { folder, timezone, connectorId }: { folder: string; timezone: string; connectorId?: string },
) {
  const paths = settings.path.map((each) => resolve(folder, each));
  return {
    type: "files" as const,
    title: "Files",
    name: paths.join(", "),
    server: null,
    connectorId: connectorId ?? null,
    paths,
    format: settings.format,
    map: settings.map as FieldMap,
    items: settings.items?.split(".") ?? null,
    timeFormat: settings.time_format,
    dateOrder: settings.date_order ?? null,
    chat: settings.chat ?? null,
    timeZone: settings.timezone ?? timezone,
    mayLackTime: settings.without_time === "first_seen",
    delimiter: settings.delimiter ?? null,
    header: settings.header,
    encoding: settings.encoding ?? null,
    isSnapshot: settings.snapshot ?? settings.format !== "whatsapp",
    memoryType: settings.memory_type,
    maxItemBytes: settings.max_item_bytes,
  };
}

/** How somebody begins with it. */
export const filesKind = {
  type: "files",
  label: "files: JSON Lines, JSON, tables, exports of other programs",
  connectorId: "files",
  asks: [
    { setting: "path", what: "The file, the folder of the files, or a pattern", isPath: true },
    { setting: "format", what: "What they are" },
  ],
} as const satisfies SourceKind;
