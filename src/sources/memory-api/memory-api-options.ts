import type { Clock } from "../../kernel/util/clock.ts";
import { defaultMaxItemBytes } from "../json-list/memory-list.ts";
import type { SettingsBlock } from "../json-list/source-error.ts";
import { type ServerOptions, serverDefaults } from "../server-client.ts";
import type { SourceCapabilities } from "../source-capabilities.ts";
import type { ListingOptions } from "./listing-work.ts";

export interface MemoryApiOptions extends ListingOptions, ServerOptions {
  /** Sent as `X-API-KEY`. */
  apiKey: string;
  /** A larger item of a listing is malformed. Bytes. */
  maxItemBytes: number;
  /** The charset of listings, overriding their Content-Type; null to use it. */
  charset: string | null;
  /** Where its settings stand, for hints. */
  block: SettingsBlock;
  /** Where the key comes from, in words, for hints; null for the settings themselves. */
  keyOrigin: string | null;
  clock: Clock;
}

/** Defaults. */
export const memoryApiDefaults = {
  ...serverDefaults,
  maxLimit: 10_000,
  serverCap: "unknown",
  paging: "none",
  maxItemBytes: defaultMaxItemBytes,
  charset: null,
  block: "memory_api",
  keyOrigin: null,
} as const satisfies Omit<MemoryApiOptions, "url" | "apiKey">;

/** Required settings; the rest has defaults. */
export type MemoryApiSettings = Pick<MemoryApiOptions, "url" | "apiKey"> & Partial<MemoryApiOptions>;

/** A list is one answer, unless the server is known to page. Ranges count back from the server's clock. */
export function memoryApiCapabilities({
  paging,
  serverCap,
}: Pick<ListingOptions, "paging" | "serverCap">): SourceCapabilities {
  const isCapped = typeof serverCap === "number" && paging === "none";
  return {
    consistency: paging === "none" ? "snapshot" : "drifting",
    since: { by: "event", isReliable: true },
    deletes: "diff",
    complete: isCapped ? { cappedAt: serverCap } : "yes",
    identity: "refusal",
    media: ["audio", "image"],
  };
}
