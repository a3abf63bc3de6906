import { isDeepStrictEqual } from "node:util";
import { apiIsLive } from "../kernel/inbound/settings.ts";
import type { Live } from "../kernel/settings/metadata.ts";
import { loggingIsLive, monitoringIsLive } from "../observe/settings.ts";
import { stateIsLive } from "../state/settings.ts";
import type { Config } from "./config.ts";

type Blocks = Omit<Config, "connectors">;

/** Connectors are reloaded one by one, see `runtime/service/align-schedules.ts`. */
export const live: { readonly [Block in keyof Blocks]: Live<Blocks[Block]> } = {
  advanced: true,
  geocoder: true,
  lightrag: true,
  media: true,
  notifications: true,
  state: stateIsLive,
  logging: loggingIsLive,
  monitoring: monitoringIsLive,
  api: apiIsLive,
};

/** The changed settings that require a restart, as paths of `Config`: `state.path`. */
export function waitingForStart(before: Config, after: Config): string[] {
  return walk(before, after, live, []);
}

function walk(before: unknown, after: unknown, isLive: unknown, path: readonly string[]): string[] {
  if (isLive === true || isDeepStrictEqual(before, after)) return [];
  if (isLive === false) return [path.join(".")];
  return Object.entries(isLive as Record<string, unknown>).flatMap(([key, ofPart]) =>
    walk(part(before, key), part(after, key), ofPart, [...path, key]),
  );
}

function part(block: unknown, key: string): unknown {
  return (block as Record<string, unknown> | null)?.[key];
}
