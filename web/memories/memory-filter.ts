import { dateText, exactlyIn } from "../words/time.ts";
import { isLedgerStatus, type LedgerStatus, ledgerState } from "./ledger-state.ts";

/** Beside the states themselves: those of memories that are not, or not any more, in the graph or on their way there. */
export const notLive = "not_live" as const;

/** What a list of memories is kept to. Each key is one of the address, too; a key without a value says nothing. */
export interface MemoryFilter {
  connector?: string;
  context?: string;
  id?: string;
  status?: LedgerStatus | typeof notLive;
  since?: string;
  until?: string;
  text?: string;
  tag?: string;
  person?: string;
  place?: string;
  near?: string;
  radius?: string;
  area?: string;
  code?: string;
}

export type FilterKey = keyof MemoryFilter;

const labels: Readonly<Record<FilterKey, string>> = {
  connector: "Connector",
  context: "Context",
  id: "Id",
  status: "State",
  since: "Since",
  until: "Until",
  text: "Words",
  tag: "Tag",
  person: "Person",
  place: "Place",
  near: "Near",
  radius: "Within km",
  area: "Area",
  code: "Error",
};

const keys = Object.keys(labels) as FilterKey[];

/** The filter of an address, of what its page goes by. */
export function filterOf(query: URLSearchParams): MemoryFilter {
  const filter: Record<string, string> = {};
  for (const key of keys) {
    const value = query.get(key)?.trim() ?? "";
    if (value !== "") filter[key] = value;
  }
  return filter as MemoryFilter;
}

/** The same filter with some keys changed; an empty value removes its key, and a radius goes with its centre. */
export function changed(filter: MemoryFilter, change: Partial<Record<FilterKey, string>>): MemoryFilter {
  const next = filterOf(new URLSearchParams({ ...filter, ...change }));
  if (next.near === undefined) delete next.radius;
  return next;
}

export interface Chip {
  key: FilterKey;
  /** `State: proved` */
  text: string;
  /** The filter without it. */
  without: MemoryFilter;
}

/** A chip for each thing that the list is kept to; times are told in a time zone. */
export function chipsOf(filter: MemoryFilter, zone: string): Chip[] {
  return keys.flatMap((key) => {
    const value = filter[key];
    if (value === undefined) return [];
    return [
      { key, text: `${labels[key]}: ${shown(key, value, zone)}`, without: changed(filter, { [key]: "" }) },
    ];
  });
}

function shown(key: FilterKey, value: string, zone: string): string {
  if (key === "since" || key === "until") return isDay(value) ? dateText(value) : exactlyIn(value, zone);
  if (key === "status" && value === notLive) return "not live";
  return key === "status" && isLedgerStatus(value) ? ledgerState(value).word : value;
}

/** The same as the API's `GET /memories` is asked for it. A day stays one: the service knows whose it is, that of each connector. */
export function queryOf({ connector, context, id, radius, status, ...rest }: MemoryFilter) {
  return {
    ...rest,
    ...(status === notLive ? ({ standing: notLive } as const) : status !== undefined && { status }),
    ...(connector !== undefined && { connectorId: connector }),
    ...(context !== undefined && { contextId: context }),
    ...(radius !== undefined && { radiusKm: Number(radius) }),
  };
}

const isDay = (text: string): boolean => /^\d{4}-\d{2}-\d{2}$/u.test(text);
