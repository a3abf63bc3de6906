import * as z from "zod";
import { textFormats } from "../../domain/memory.ts";
import { metadata } from "../../kernel/settings/metadata.ts";
import { count, headerSecret, httpUrl, text, timeZone } from "../../kernel/settings/types.ts";
import { isKnownCharset } from "../../kernel/util/decode/charset.ts";
import { timeReader } from "../files/time-format.ts";
import { listServerSettings, toRequestConfig } from "../server-settings.ts";
import type { SourceKind } from "../source-kind.ts";
import { completeDeclaration, type MappedField, pagingStyles, sinceFormats } from "./declaration.ts";
import { presetNames, presets } from "./presets.ts";

const paths = (field: MappedField, description: string, example: string) =>
  z
    .union([text(), z.array(text()).min(1)])
    .transform((given) => (Array.isArray(given) ? given : [given]))
    .optional()
    .register(metadata, {
      description,
      example,
      ...(defaultPaths.has(field) && { defaultText: `\`${field}\`` }),
    });

const defaultPaths = new Set<MappedField>([
  "id",
  "text",
  "created_at",
  "updated_at",
  "title",
  "type",
  "tags",
  "lat",
  "lon",
]);

const fields = z.strictObject({
  id: paths("id", "What tells it from the others, and stays the same when it is edited.", "uuid"),
  text: paths("text", "What it says; several are joined by blank lines.", "content"),
  created_at: paths("created_at", "When it was made.", "createdAt"),
  updated_at: paths("updated_at", "When a person last changed it.", "modifiedAt"),
  ended_at: paths("ended_at", "When it ended.", "finished"),
  title: paths("title", "Its title.", "name"),
  type: paths("type", "What kind of memory it is.", "kind"),
  tags: paths("tags", "A list, or one text; `tags.name` reads the names in a list of objects.", "labels"),
  lat: paths("lat", "Degrees north, also as text, or with a decimal comma.", "location.latitude"),
  lon: paths("lon", "Degrees east.", "location.longitude"),
  place: paths("place", "Both in one text: `50.7374,7.0982`.", "geo"),
  place_name: paths("place_name", "What the source calls the place.", "location.name"),
  url: paths("url", "Where a person can look at it.", "link"),
  language: paths("language", "Of the text, such as `en`.", "lang"),
  deleted: paths(
    "deleted",
    "Where it says anything but nothing, false and 0, the source calls the memory deleted.",
    "deletedAt",
  ),
});

const since = z.strictObject({
  parameter: text().optional().register(metadata, {
    description:
      "Parameter of the address that takes the time; without it, the whole list is read each time.",
    example: "updated_after",
  }),
  by: z.enum(["event", "updated"]).optional().register(metadata, {
    description:
      "What the server compares with it: when a memory was made (`event`), or when it was last changed (`updated`).",
    defaultText: "`event`",
  }),
  format: z.enum(sinceFormats).optional().register(metadata, {
    description: "How the time is written.",
    defaultText: "`iso`",
  }),
  reliable: z.boolean().optional().register(metadata, {
    description:
      "Whether such a list shows every edit of older memories, too. Where it does not, `ingestion.full_look` finds them.",
    defaultText: "true for `updated`",
  }),
});

const auth = z.strictObject({
  in: z.enum(["header", "query"]).optional().register(metadata, {
    description: "Whether the key is a header, or a parameter of the address, which is then shown nowhere.",
    defaultText: "`header`",
  }),
  name: text()
    .regex(/^[\w.~!#$%&'*+^`|-]+$/u, { error: "must be a name of a header or of a parameter" })
    .optional()
    .register(metadata, {
      description: "Name of that header or parameter.",
      defaultText: "`Authorization`; of a parameter `api_key`",
      example: "X-API-Key",
    }),
  scheme: text().optional().register(metadata, {
    description:
      "Word before the key in the header. With `Basic`, the key is `user:password` and is encoded.",
    defaultText: "`Bearer` in `Authorization`, none in others",
    example: "Token",
  }),
});

const paging = z.strictObject({
  style: z.enum(pagingStyles).optional().register(metadata, {
    description:
      "By what a further page is asked for: a number of the page, of items to leave out (`offset`), a mark in the answer (`cursor`), or an address in the answer or its `Link` header (`link`).",
    defaultText: "`none`",
  }),
  parameter: text().optional().register(metadata, {
    description: "Parameter with the number or mark.",
    defaultText: "the style's name",
    example: "pageToken",
  }),
  first: count({ min: 0 }).optional().register(metadata, {
    description: "Number of the first page.",
    defaultText: "1 for pages, 0 for offsets",
  }),
  size_parameter: text().optional().register(metadata, {
    description: "Parameter with the number of items on a page; left out, it is not sent.",
    example: "limit",
  }),
  size: count({ max: 100_000 }).optional().register(metadata, {
    description: "Items on a page.",
    defaultText: "100",
  }),
  next: text().optional().register(metadata, {
    description: "Path to the mark or address of the next page; none, null or nothing there ends the list.",
    defaultText: "`next`",
    example: "meta.nextCursor",
  }),
  more: text().optional().register(metadata, {
    description:
      "Path to a flag that says whether more follows. Without it, pages are read until one is empty.",
    example: "has_more",
  }),
  total: text().optional().register(metadata, {
    description:
      "Path to the number of all items: fewer are not the whole list. Left out, the usual names are looked for; `none` looks for none.",
    example: "meta.total",
  }),
});

const skip = z.strictObject({
  field: text().register(metadata, { description: "Path in an item.", example: "title" }),
  begins: text().register(metadata, { description: "How its text begins.", example: "$:/" }),
});

const account = z.strictObject({
  path: text().register(metadata, {
    description: "Path below `url` at which the server says whose key it is.",
    example: "/api/me",
  }),
  field: text().register(metadata, { description: "Path in that answer to the account.", example: "id" }),
  owner: text().optional().register(metadata, {
    description: "Path in an item to its account; items of others are left out.",
    example: "user.id",
  }),
});

const timeFormat = text().refine((format) => timeReader(format) !== null, {
  error:
    "must be auto, iso, epoch_s, epoch_ms, epoch_us, epoch_ns, or a pattern with a day, such as dd.MM.yyyy HH:mm",
});

export const httpJsonSettings = z.strictObject({
  url: httpUrl().register(metadata, {
    description: "Address of the server, or of the list itself.",
    example: "http://127.0.0.1:8000",
  }),
  preset: z.enum(presetNames).optional().register(metadata, {
    description:
      "A kind of server that is known: all below but the key. What is given beside it replaces it.",
    example: "mcp_memory_service",
  }),
  path: text().optional().register(metadata, {
    description:
      "Path of the list below `url`, with its parameters. `{context}` in it stands for the context.",
    example: "/api/notes?archived=false",
  }),
  api_key: headerSecret().optional().register(metadata, {
    description: "Key of the server.",
    example: `\${NOTES_API_KEY}`,
    secret: true,
    belongsTo: "url",
  }),
  auth: auth.prefault({}).register(metadata, { description: "How the key is sent." }),
  items: text().optional().register(metadata, {
    description: "Dotted path to the list in the answer; `.` where the answer is the list.",
    defaultText: "`.`",
    example: "data.notes",
  }),
  paging: paging.prefault({}).register(metadata, { description: "How the server pages through its list." }),
  since: since.prefault({}).register(metadata, {
    description:
      "How the server lists only what is new or changed. Deletions are found by lists of everything.",
  }),
  fields: fields.prefault({}).register(metadata, {
    description:
      "Where an item has what, as dotted paths. Of several paths the first that leads to something counts.",
  }),
  time_format: timeFormat.optional().register(metadata, {
    description:
      "How times are written: `iso`, `epoch_s`, `epoch_ms`, `epoch_us`, `epoch_ns`, or a pattern. `auto` reads what can be read in one way only.",
    defaultText: "`auto`",
    example: "dd.MM.yyyy HH:mm",
  }),
  timezone: timeZone().optional().register(metadata, {
    description: "Zone of times that say none.",
    defaultText: "the connector's `timezone`",
    example: "Europe/Lisbon",
  }),
  text_format: z.enum(textFormats).optional().register(metadata, {
    description: "What the texts are written in.",
    defaultText: "plain text",
  }),
  tag_separator: text().optional().register(metadata, {
    description: "What divides tags in one text; `[[two words]]` stay together.",
    defaultText: "`,`",
  }),
  memory_type: text().optional().register(metadata, {
    description: "What kind of memory an item is that does not say it.",
    defaultText: "`note`",
  }),
  skip: z
    .array(skip)
    .optional()
    .register(metadata, {
      description: "Items of the list that are no memories.",
      example: [{ field: "kind", begins: "system" }],
    }),
  volatile: z
    .array(text())
    .optional()
    .register(metadata, {
      description: "Paths to what the server changes by itself, such as counts of views: it is never read.",
      example: ["stats.views"],
    }),
  deletes: z.enum(["diff", "none"]).optional().register(metadata, {
    description: "Whether a memory that the whole list lacks is deleted; `none` where the list is a window.",
    defaultText: "`diff`",
  }),
  consistency: z.enum(["snapshot", "keyset", "drifting"]).optional().register(metadata, {
    description:
      "What a list shows that changes while it is read: one state, all that was there throughout, or neither; then it is read until two readings agree.",
    defaultText: "`snapshot` for one answer, `drifting` for pages",
  }),
  capped_at: count().optional().register(metadata, {
    description: "The most items that the server ever shows; a list of that length is not whole.",
    example: 1000,
  }),
  account: account.optional().register(metadata, {
    description:
      "Where the server says whose key it is. It is asked before each list; without it an empty list is believed only from a server that refuses a made-up key.",
  }),
  charset: text()
    .refine(isKnownCharset, { error: "must be a charset such as utf-8, windows-1252, utf-16le or shift_jis" })
    .optional()
    .register(metadata, {
      description: "What the answers are written in. Left out, their Content-Type says so.",
      example: "utf-8",
    }),
  max_item_bytes: count({ min: 1024, max: 1024 * 1024 * 1024 })
    .prefault(16 * 1024 * 1024)
    .register(metadata, { description: "A larger item becomes a dead letter." }),
  ...listServerSettings("the server"),
});

/** A relative path of `ca` begins at `folder`; `timezone` is the connector's. */
export function toHttpJsonConfig(
  settings: z.output<typeof httpJsonSettings>,
  { folder, timezone, keyOrigin }: { folder: string; timezone: string; keyOrigin: string | null },
) {
  const { url, preset } = settings;
  const declared = completeDeclaration(settings, preset === undefined ? {} : presets[preset]);
  return {
    type: "http_json" as const,
    title: "JSON list",
    name: addressOf(url, declared.path),
    server: url,
    url,
    apiKey: settings.api_key ?? null,
    keyOrigin,
    ...declared,
    timeZone: settings.timezone ?? timezone,
    charset: settings.charset ?? null,
    maxItemBytes: settings.max_item_bytes,
    ...toRequestConfig(settings, folder),
  };
}

/** What tells its list from others of the same server. */
function addressOf(url: string, path: string): string {
  return path === "" ? url : `${url.replace(/\/+$/u, "")}/${path.replace(/^\/+/u, "")}`;
}

export type HttpJsonConfig = ReturnType<typeof toHttpJsonConfig>;

/** How somebody begins with it. */
export const httpJsonKind = {
  type: "http_json",
  label: "a list of JSON over HTTP: mcp-memory-service, TiddlyWiki, Karakeep and others",
  connectorId: "list",
  asks: [
    { setting: "preset", what: "The kind of server, where it is a known one" },
    { setting: "url", what: "Address of the server" },
    { setting: "path", what: "Path of its list", unless: "preset" },
    { setting: "items", what: "Dotted path to the list in the answer", unless: "preset" },
    { setting: "api_key", what: "Its key" },
  ],
} as const satisfies SourceKind;
