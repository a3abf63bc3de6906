import * as z from "zod";
import { ofType } from "../kernel/settings/choice.ts";
import { metadata } from "../kernel/settings/metadata.ts";
import { httpUrl } from "../kernel/settings/types.ts";
import { inMemorySettings, toInMemoryConfig } from "./in-memory/settings.ts";
import { memoryApiSettings, toMemoryApiConfig } from "./memory-api/settings.ts";

/** In a block of its own a source has its address with it. */
const memoryApiSource = memoryApiSettings.extend({
  url: httpUrl().register(metadata, {
    description: "Address of the Memory API.",
    example: "http://127.0.0.1:8080",
  }),
});

/** The kinds of sources that a configuration may name, each with the settings that it declares. */
export const sourceSettings = z.discriminatedUnion("type", [
  ofType("memory_api", memoryApiSource),
  ofType("in_memory", inMemorySettings),
]);

export type SourceSettings = z.output<typeof sourceSettings>;

/**
 * What a source is built from. Every kind has these: `type`; `title`, what people call the kind; `name`, which tells two sources apart and
 * says where the memories are; and `server`, the address that is asked, null where none is. `folder` is where relative paths begin.
 */
export function toSourceConfig(settings: SourceSettings, folder: string) {
  switch (settings.type) {
    case "memory_api":
      return toMemoryApiConfig(settings, folder);
    case "in_memory":
      return toInMemoryConfig(settings);
  }
}
