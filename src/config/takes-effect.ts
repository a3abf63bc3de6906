import { isDeepStrictEqual } from "node:util";
import type { Config } from "./config.ts";

/** When a running service follows a changed setting: once the file is read again, or only at its next start. */
type Effect = "reload" | "start";

/** Of a whole block, or of each of its settings: one that is added to such a block does not compile without. */
type Effects<Block> = Effect | { [Key in keyof Block]-?: Effects<Block[Key]> };

type Blocks = Omit<Config, "connectors">;

/** Connectors are taken over one by one, see `service/align-schedules.ts`. */
export const takesEffect: { [Block in keyof Blocks]: Effects<Blocks[Block]> } = {
  advanced: "reload",
  geocoder: "reload",
  lightrag: "reload",
  media: "reload",
  notifications: "reload",
  state: { backend: "start", path: "start", cleanup: "reload" },
  logging: { level: "reload", components: "reload", format: "start", file: "start", console: "start" },
  monitoring: { prometheus: "start", healthCheck: "start" },
  api: {
    enabled: "start",
    host: "start",
    port: "start",
    enableAuth: "start",
    apiKey: "reload",
    allowedHosts: "start",
    trustProxy: "start",
    basePath: "start",
    hstsMs: "start",
    maxConnections: "start",
    cors: "start",
    rateLimit: "start",
  },
};

/** The changed settings that a running service does not follow, as paths of `Config`: `state.path`. */
export function waitingForStart(before: Config, after: Config): string[] {
  return walk(before, after, takesEffect, []);
}

function walk(before: unknown, after: unknown, effects: unknown, path: readonly string[]): string[] {
  if (effects === "reload" || isDeepStrictEqual(before, after)) return [];
  if (effects === "start") return [path.join(".")];
  return Object.entries(effects as Record<string, unknown>).flatMap(([key, effect]) =>
    walk(part(before, key), part(after, key), effect, [...path, key]),
  );
}

function part(block: unknown, key: string): unknown {
  return (block as Record<string, unknown> | null)?.[key];
}
