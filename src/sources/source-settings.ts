import { createHash } from "node:crypto";
import * as z from "zod";
import { ofType } from "../kernel/settings/choice.ts";
import { metadata } from "../kernel/settings/metadata.ts";
import { httpUrl } from "../kernel/settings/types.ts";
import { filesKind, filesSettings, toFilesConfig } from "./files/settings.ts";
import { folderKind, folderSettings, toFolderConfig } from "./folder/settings.ts";
import { httpJsonKind, httpJsonSettings, toHttpJsonConfig } from "./http-json/settings.ts";
import { inMemoryKind, inMemorySettings, toInMemoryConfig } from "./in-memory/settings.ts";
import { joplinKind, joplinSettings, toJoplinConfig } from "./joplin/settings.ts";
import { limitlessKind, limitlessSettings, toLimitlessConfig } from "./limitless/settings.ts";
import {
  memoryApiKind,
  memoryApiSettings,
  type SettingsPlace,
  toMemoryApiConfig,
} from "./memory-api/settings.ts";
import { memosKind, memosSettings, toMemosConfig } from "./memos/settings.ts";
import { omiKind, omiSettings, toOmiConfig } from "./omi/settings.ts";
import { pushKind, pushSettings, toPushConfig } from "./push/settings.ts";
import type { SourceKind } from "./source-kind.ts";
import { toTranscriptsConfig, transcriptsKind, transcriptsSettings } from "./transcripts/settings.ts";

/** In its own block, a source includes its address. */
const memoryApiSource = memoryApiSettings.extend({
  url: httpUrl().register(metadata, {
    description: "Address of the Memory API.",
    example: "http://127.0.0.1:8080",
  }),
});

/** The kinds of sources that a configuration may name, each with its settings, in the order in which a person is offered them. */
export const sourceSettings = z.discriminatedUnion("type", [
  ofType("memory_api", memoryApiSource, memoryApiKind.label),
  ofType("folder", folderSettings, folderKind.label),
  ofType("files", filesSettings, filesKind.label),
  ofType("transcripts", transcriptsSettings, transcriptsKind.label),
  ofType("joplin", joplinSettings, joplinKind.label),
  ofType("memos", memosSettings, memosKind.label),
  ofType("omi", omiSettings, omiKind.label),
  ofType("limitless", limitlessSettings, limitlessKind.label),
  ofType("http_json", httpJsonSettings, httpJsonKind.label),
  ofType("in_memory", inMemorySettings, inMemoryKind.label),
  ofType("push", pushSettings, pushKind.label),
]);

/** All of them, in the same order. */
export const sourceKinds: readonly SourceKind[] = [
  memoryApiKind,
  folderKind,
  filesKind,
  transcriptsKind,
  joplinKind,
  memosKind,
  omiKind,
  limitlessKind,
  httpJsonKind,
  inMemoryKind,
  pushKind,
];

export type SourceSettings = z.output<typeof sourceSettings>;

/**
 * What a source is built from. Every kind has these: `type`; `title`, the name of the kind for people; `name`, which identifies the
 * source and says where the memories are; and `server`, its address, or null. `timezone` and `connectorId` are the connector's.
 */
export function toSourceConfig(
  settings: SourceSettings,
  place: SettingsPlace & { timezone: string; connectorId: string },
) {
  switch (settings.type) {
    case "memory_api":
      return toMemoryApiConfig(settings, place);
    case "in_memory":
      return toInMemoryConfig(settings);
    case "folder":
      return toFolderConfig(settings, place);
    case "files":
      return toFilesConfig(settings, place);
    case "joplin":
      return toJoplinConfig(settings, place);
    case "memos":
      return toMemosConfig(settings, place);
    case "omi":
      return toOmiConfig(settings, place);
    case "limitless":
      return toLimitlessConfig(settings, place);
    case "transcripts":
      return toTranscriptsConfig(settings, place);
    case "http_json":
      return toHttpJsonConfig(settings, place);
    case "push":
      return toPushConfig(settings, place);
  }
}

/**
 * Tells sources apart, whatever connectors read them and however their address is spelt. SHA-256, for an address may tell something. Null for one that
 * has no place: the memories stand in the connector's own settings, and no other connector reads them.
 */
export function sourceFingerprint({
  type,
  name,
}: Pick<ReturnType<typeof toSourceConfig>, "type" | "name">): string | null {
  if (type === "in_memory") return null;
  const place = URL.canParse(name) ? new URL(name).href : name;
  return createHash("sha256")
    .update(JSON.stringify([type, place.replace(/\/+$/u, "")]))
    .digest("hex");
}
