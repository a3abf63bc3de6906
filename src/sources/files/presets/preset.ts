import { timeReader } from "../time-format.ts";

export type Item = Readonly<Record<string, unknown>>;

export const isItem = (value: unknown): value is Item =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** An object, as far as a value is one. */
export const itemIn = (value: unknown): Item => (isItem(value) ? value : {});

export const listIn = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);

export const textIn = (value: unknown): string => (typeof value === "string" ? value : "");

/** An id, also one that is a number; empty where there is none. */
export const idIn = (value: unknown): string =>
  typeof value === "number" ? String(value) : textIn(value).trim();

const automatic = timeReader("auto");
const microseconds = timeReader("epoch_us");
const seconds = timeReader("epoch_s");

/** RFC 3339 in UTC, or null. Local times are those of the zone. */
export const timeIn = (value: unknown, timeZone: string) => automatic?.(value, timeZone) ?? null;
export const secondsIn = (value: unknown) => seconds?.(value, "UTC") ?? null;
export const microsecondsIn = (value: unknown) => microseconds?.(value, "UTC") ?? null;
