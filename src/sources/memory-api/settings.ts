import * as z from "zod";
import { metadata } from "../../kernel/settings/metadata.ts";
import { count, headerSecret, httpUrl, text } from "../../kernel/settings/types.ts";
import { isKnownCharset } from "../../kernel/util/decode/charset.ts";
import type { PagingStyle } from "../json-list/next-position.ts";
import type { SettingsBlock } from "../json-list/source-error.ts";
import { listServerSettings, toRequestConfig } from "../server-settings.ts";
import type { SourceKind } from "../source-kind.ts";

/** The styles of paging that Memory APIs have; `none` is a server that has only a limit. */
const pagingStyles = ["none", "offset", "page", "cursor"] as const satisfies readonly (
  | PagingStyle
  | "none"
)[];

export const memoryApiSettings = z.strictObject({
  url: httpUrl().optional().register(metadata, {
    description: "Address of the Memory API. Needed unless every connector has its own.",
    example: "http://127.0.0.1:8080",
    starter: true,
  }),
  api_key: headerSecret().optional().register(metadata, {
    description: "Key that is sent as `X-API-KEY`.",
    example: `\${MEMORY_API_KEY}`,
    secret: true,
    belongsTo: "url",
    env: "MEMORY_API_KEY",
  }),
  ...listServerSettings("the Memory API"),
  max_limit: count({ max: 1_000_000 }).prefault(10_000).register(metadata, {
    description:
      "A list that comes back full may hide older memories, so it is asked for again with larger limits, up to this one.",
  }),
  server_cap: z
    .union([count({ max: 1_000_000 }), z.enum(["none", "unknown"])], {
      error: "must be a whole number, none or unknown",
    })
    .prefault("unknown")
    .register(metadata, {
      description:
        "Number of memories at which the server is known to cut lists off, whatever limit is asked for; `none` when it never does.",
    }),
  paging: z.enum(pagingStyles).prefault("none").register(metadata, {
    description:
      "How the server pages through long lists: `offset` and `page` by a number, `cursor` by the mark that each answer gives.",
  }),
  charset: text()
    .refine(isKnownCharset, { error: "must be a charset such as utf-8, windows-1252, utf-16le or shift_jis" })
    .optional()
    .register(metadata, {
      description:
        "What the server's lists are written in. Left out, their Content-Type says so, and UTF-8 holds where it does not.",
      example: "utf-8",
    }),
  max_item_bytes: count({ min: 1024, max: 1024 * 1024 * 1024 })
    .prefault(16 * 1024 * 1024)
    .register(metadata, {
      description:
        "A memory that is larger, as JSON in UTF-8, becomes a dead letter; it is read past without being held.",
    }),
});

export type MemoryApiSettings = z.output<typeof memoryApiSettings>;

/** Where the settings of a source stand. */
export interface SettingsPlace {
  /** Base of relative paths. */
  folder: string;
  block: SettingsBlock;
  /** Where the key comes from, in words; null for the file itself. */
  keyOrigin: string | null;
}

export function toMemoryApiConfig(
  settings: MemoryApiSettings & { url: string },
  { folder, block, keyOrigin }: SettingsPlace,
) {
  const { url } = settings;
  return {
    type: "memory_api" as const,
    title: "Memory API",
    block,
    keyOrigin,
    name: url,
    server: url,
    url,
    apiKey: settings.api_key ?? null,
    ...toRequestConfig(settings, folder),
    maxLimit: settings.max_limit,
    serverCap: settings.server_cap,
    paging: settings.paging,
    charset: settings.charset ?? null,
    maxItemBytes: settings.max_item_bytes,
  };
}

/** How somebody begins with it. */
export const memoryApiKind = {
  type: "memory_api",
  label: "a Memory API",
  connectorId: "personal-memories",
  hasContexts: true,
  asks: [
    { setting: "url", what: "Address of the Memory API" },
    { setting: "api_key", what: "Its key" },
  ],
} as const satisfies SourceKind;
