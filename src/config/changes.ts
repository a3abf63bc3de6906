import { isDeepStrictEqual } from "node:util";
import { apiIsLive } from "../kernel/inbound/settings.ts";
import type { Live } from "../kernel/settings/metadata.ts";
import { loggingIsLive, monitoringIsLive } from "../observe/settings.ts";
import { stateIsLive } from "../state/settings.ts";
import type { Config, ConnectorConfig } from "./config.ts";

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

/** The changes of a reload. */
export interface ConfigChanges {
  /** Ids of connectors. */
  added: readonly string[];
  removed: readonly string[];
  /** `keys` are those of `ConnectorConfig`; a changed block of source settings appears in each connector that uses it. */
  changed: readonly { id: string; keys: readonly string[] }[];
  /** The other blocks that changed, as keys of `Config`. */
  blocks: readonly string[];
  /** The settings that differ from those of the start and take effect only after a restart, as paths of `Config`: `state.path`. */
  waiting: readonly string[];
}

/** `started` is the configuration that the process began with. */
export function changesBetween(before: Config, after: Config, started: Config): ConfigChanges {
  const old = byId(before);
  const current = byId(after);
  return {
    added: [...current.keys()].filter((id) => !old.has(id)),
    removed: [...old.keys()].filter((id) => !current.has(id)),
    changed: [...current].flatMap(([id, connector]) => changeOf(id, old.get(id), connector)),
    blocks: changedKeys(before, after).filter((key) => key !== "connectors"),
    waiting: waitingForStart(started, after),
  };
}

const byId = ({ connectors }: Config) => new Map(connectors.map((connector) => [connector.id, connector]));

function changeOf(id: string, before: ConnectorConfig | undefined, after: ConnectorConfig) {
  const keys = before === undefined ? [] : changedKeys(before, after);
  return keys.length === 0 ? [] : [{ id, keys }];
}

function changedKeys<T extends object>(before: T, after: T): (keyof T & string)[] {
  const keys = Object.keys(after) as (keyof T & string)[];
  return keys.filter((key) => !isDeepStrictEqual(before[key], after[key]));
}
