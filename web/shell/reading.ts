import { isInCalendar } from "../words/time.ts";

/** What a value may be held against. */
export interface Known {
  /** Ids of connectors; null until they were told. */
  connectors: ReadonlySet<string> | null;
}

interface Context extends Known {
  /** All that the address says. */
  query: URLSearchParams;
}

/** What a page reads under one name of its address, and which values say anything to it. Spaces around a value count for nothing. */
export interface Reading {
  name: string;
  /** Why a value says nothing, as it follows on “it is”: `no day or time`; null for one that the page can go by. */
  fault: (value: string, context: Context) => string | null;
  /** Each value is read, and not the first alone. */
  isMany?: true;
  /** It names a connector, and so is read once these are known. */
  isConnector?: true;
}

/** A part of an address that the page does not go by, `year=abc`, and why. */
export interface LeftOut {
  part: string;
  why: string;
}

const knownAs = (name: string, means: (value: string) => boolean, fault: string): Reading => ({
  name,
  fault: (value) => (means(value) ? null : fault),
});

/** A text of so many characters at most, as the service counts them: an emoji is one. It has more in it than spaces and control characters. */
export function text(name: string, most: number): Reading {
  return {
    name,
    fault: (value) => {
      if ([...value].length > most) return `longer than ${most} characters`;
      return /[^\s\p{Cc}]/u.test(value) && value.isWellFormed() ? null : "without a word";
    },
  };
}

/** The same as often as it is written. */
export const texts = (name: string, most: number): Reading => ({ ...text(name, most), isMany: true });

/** So many choices can be named in a line. */
const mostNamed = 6;

export const oneOf = (name: string, choices: readonly string[]): Reading =>
  knownAs(
    name,
    (value) => choices.includes(value),
    choices.length > mostNamed ? "nothing that can be chosen here" : `none of ${choices.join(", ")}`,
  );

/** What is written in one way alone; `fault`: `no year such as 2025`. */
export const written = (name: string, way: RegExp, fault: string): Reading =>
  knownAs(name, (value) => way.test(value), fault);

/** A number above 0, up to `most`. */
export const positive = (name: string, most: number): Reading =>
  knownAs(
    name,
    (value) => /^\d+(?:\.\d+)?$/u.test(value) && Number(value) > 0 && Number(value) <= most,
    `no number above 0, up to ${most}`,
  );

/** The same, of use beside another name alone. */
export const beside = (other: string, reading: Reading): Reading => ({
  ...reading,
  fault: (value, context) =>
    context.query.get(other)?.trim() ? reading.fault(value, context) : `of no use without ${other}`,
});

/** The same, of use where another name says nothing: `id` names a memory, whatever else it is. */
export const withoutBeside = (other: string, reading: Reading): Reading => ({
  ...reading,
  fault: (value, context) =>
    context.query.get(other)?.trim() ? `of no use beside ${other}` : reading.fault(value, context),
});

/** A day, or a time with seconds and its zone. */
const moment =
  /^\d{4}-\d\d-\d\d(?:T(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:\.\d+)?(?:Z|[+-](?:[01]\d|2[0-3]):[0-5]\d))?$/u;

const isMoment = (value: string): boolean => moment.test(value) && isInCalendar(value);

const noMoment = "no day or time of a calendar";

/** A first and a last day or moment, in this order. */
export const span: readonly Reading[] = [
  knownAs("since", isMoment, noMoment),
  {
    name: "until",
    fault: (value, { query }) => {
      if (!isMoment(value)) return noMoment;
      const since = query.get("since")?.trim() ?? "";
      return isMoment(since) && isBefore(value, since) ? "before since" : null;
    },
  },
];

/** Of a day and a time the service alone knows the order, as it depends on a time zone. */
function isBefore(one: string, other: string): boolean {
  const [isTime, isOtherTime] = [one, other].map((text) => text.includes("T"));
  return isTime === isOtherTime && Date.parse(one) < Date.parse(other);
}

const coordinates = /^(-?\d{1,3}(?:\.\d+)?)\s*,\s*(-?\d{1,3}(?:\.\d+)?)$/u;

function isOnEarth(value: string): boolean {
  const [, lat, lon] = coordinates.exec(value) ?? [];
  return lat !== undefined && Math.abs(Number(lat)) <= 90 && Math.abs(Number(lon)) <= 180;
}

/** A town, or a latitude and a longitude. */
export const spot = (name: string): Reading =>
  knownAs(
    name,
    (value) => value.length <= 200 && (/\p{L}/u.test(value) || isOnEarth(value)),
    "no town and no latitude and longitude such as 38.71,-9.14",
  );

/** How many decimals the corner of an area has, by its size. */
const areaDecimals: ReadonlyMap<string, number> = new Map([
  ["1", 0],
  ["0.1", 1],
  ["0.01", 2],
]);

function isArea(value: string): boolean {
  const [size = "", ...corner] = value.split(":");
  const decimals = areaDecimals.get(size);
  const isOnGrid = (degrees: string) =>
    decimals !== undefined && Number(degrees).toFixed(decimals) === degrees;
  return corner.length === 2 && corner.every(isOnGrid) && isOnEarth(corner.join());
}

/** As the list of places names them. */
export const area: Reading = knownAs("area", isArea, "no area such as 0.1:38.7:-9.2");

/** An id of a connector that there is. */
export const connector: Reading = {
  name: "connector",
  isConnector: true,
  fault: (value, { connectors }) =>
    connectors?.has(value) === false ? "no connector of this service" : null,
};

/** What of a query a page goes by, each value without the spaces around it, and what it leaves out. */
export function readingOf(
  query: URLSearchParams,
  reads: readonly Reading[],
  known: Known,
): { said: URLSearchParams; leftOut: LeftOut[] } {
  const said = new URLSearchParams();
  const leftOut: LeftOut[] = [];
  const byName = new Map(reads.map((reading) => [reading.name, reading]));
  for (const [name, written] of query) {
    const value = written.trim();
    if (value === "") continue;
    const why = faultOf(byName.get(name), value, { said, context: { ...known, query } });
    if (why === null) said.append(name, value);
    else leftOut.push({ part: `${name}=${value}`, why });
  }
  return { said, leftOut };
}

function faultOf(
  reading: Reading | undefined,
  value: string,
  { said, context }: { said: URLSearchParams; context: Context },
): string | null {
  if (reading === undefined) return "nothing that this page reads";
  const fault = reading.fault(value, context);
  if (fault !== null) return fault;
  return said.has(reading.name) && reading.isMany === undefined ? "one too many" : null;
}
