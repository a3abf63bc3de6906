import { createHash } from "node:crypto";
import type { Memory, MemoryLocation } from "../../domain/memory.ts";
import { canonicalJson } from "../../kernel/util/canonical-json.ts";
import { placeIn, placeOf } from "../coordinates.ts";
import { flawOfId } from "../listed-item.ts";
import type { TimeReader } from "./time-format.ts";

/** What a map may name; its keys in the configuration. */
export const mappedFields = [
  "id",
  "time",
  "updated",
  "text",
  "title",
  "tags",
  "place",
  "lat",
  "lon",
  "person",
  "type",
  "url",
  "deleted",
] as const;

export type MappedField = (typeof mappedFields)[number];
/** Paths into an item, such as `place.lat`; several are joined. */
export type FieldMap = Partial<Readonly<Record<MappedField, readonly string[]>>>;

/** Names that items have for a field, where no map says which: the first that an item has. A list of names is joined. */
const usualNames = new Map<MappedField, readonly (string | readonly string[])[]>([
  ["id", ["id", "_id", "uuid", "uid", "guid", "key"]],
  [
    "time",
    [
      ["date", "time"],
      ["datum", "zeit"],
      ["datum", "uhrzeit"],
      ...["created_at", "createdAt", "created", "recorded_at", "creationDate", "timestamp", "datetime"],
      ...["at", "date", "time", "day", "datum"],
    ],
  ],
  ["updated", ["updated_at", "updatedAt", "updated", "modified_at", "modified", "edited", "edited_at"]],
  ["text", ["text", "transcript", "content", "body", "note", "message", "description", "inhalt", "notiz"]],
  ["title", ["title", "name", "subject", "headline", "titel", "betreff"]],
  ["tags", ["tags", "tag", "labels", "label", "categories", "category", "keywords", "schlagworte"]],
  ["place", ["place", "location", "geo", "coordinates", "coords", "gps", "ort"]],
  ["lat", ["lat", "latitude"]],
  ["lon", ["lon", "lng", "long", "longitude"]],
  ["person", ["person", "speaker", "author", "sender", "from"]],
  ["type", ["type", "kind"]],
  ["url", ["url", "link", "permalink"]],
  ["deleted", ["deleted", "is_deleted", "isDeleted"]],
]);

/** An item of a list: an object, or a row by the names of its columns. */
export type Item = Readonly<Record<string, unknown>>;

export interface MapOptions {
  map: FieldMap;
  readTime: TimeReader;
  timeZone: string;
  /** What a memory is when its item does not say it. */
  type: string;
  /** Whether an item without a time is taken, with the time of its first being seen. */
  mayLackTime: boolean;
}

/** What an item says of a memory, and its time as it is written. Without a time, `createdAt` is empty. */
export type MappedItem =
  | { kind: "memory"; memory: Memory; written: string }
  | { kind: "deleted"; id: string }
  | { kind: "flawed"; id: string | null; problems: string[] };

/** Reads items by a map; what a map leaves out is found by the usual names. */
export function itemMapper(options: MapOptions): (item: Item) => MappedItem {
  const names = new NamesOfShapes();
  return (item) => mapItem(item, names.of(item), options);
}

/** So many different sets of names are remembered. */
const maxShapes = 1_000;

/** `Created At`, `created_at` and `createdAt` are one name. */
const plainName = (name: string) => name.toLowerCase().replaceAll(/[\s_-]+/gu, "");

type UsualNames = ReadonlyMap<MappedField, readonly (readonly string[])[]>;

/** Which of the usual names items have, as they spell them: most items of a file have the same ones. */
class NamesOfShapes {
  readonly #shapes = new Map<string, UsualNames>();

  of(item: Item): UsualNames {
    const keys = Object.keys(item);
    const shape = keys.join("\0");
    const known = this.#shapes.get(shape);
    if (known !== undefined) return known;
    if (this.#shapes.size >= maxShapes) this.#shapes.clear();
    const spelt = new Map(keys.toReversed().map((key) => [plainName(key), key]));
    const found = new Map(
      Array.from(usualNames, ([field, names]) => [
        field,
        names.flatMap((name) => {
          const all = [name].flat().map((each) => spelt.get(plainName(each)));
          return all.includes(undefined) ? [] : [all as string[]];
        }),
      ]),
    );
    this.#shapes.set(shape, found);
    return found;
  }
}

function mapItem(
  item: Item,
  usual: UsualNames,
  { map, readTime, timeZone, type, mayLackTime }: MapOptions,
): MappedItem {
  const usualPaths = (field: MappedField): readonly string[] =>
    usual.get(field)?.find((names) => names.every((name) => isThere(item[name]))) ?? [];
  const paths = (field: MappedField) => map[field] ?? usualPaths(field);
  const values = (field: MappedField) =>
    paths(field)
      .map((path) => valueAt(item, path))
      .filter(isThere);
  const text = (field: MappedField, glue = " ") => values(field).map(textOf).filter(Boolean).join(glue);
  const time = (field: MappedField) => {
    const found = values(field);
    return readTime(found.length === 1 ? found[0] : found.map(textOf).join(" "), timeZone);
  };
  const given = text("id", "/");
  const flaw = given === "" ? null : flawOfId(given);
  const id = flaw === null && given !== "" ? given : null;
  if (id !== null && isTrue(values("deleted")[0])) return { kind: "deleted", id };
  const createdAt = time("time");
  const problems = [
    ...(flaw === null ? [] : [`its id ${flaw}`]),
    ...(createdAt === null ? timeProblem(values("time"), paths("time"), mayLackTime) : []),
  ];
  if (problems.length > 0) return { kind: "flawed", id, problems };
  const { location, placeName } = placeOfItem(values);
  const person = text("person");
  const said = text("text", "\n").toWellFormed();
  const url = text("url");
  return {
    kind: "memory",
    written: text("time"),
    memory: {
      id: id ?? stableId(item),
      type: text("type") || type,
      audio: false,
      image: false,
      transcript: said,
      location,
      createdAt: createdAt ?? "",
      updatedAt: time("updated"),
      title: text("title").toWellFormed() || null,
      tags: [...new Set(values("tags").flatMap(tagsIn))],
      ...(url !== "" && URL.canParse(url) && { url }),
      ...(placeName !== null && { placeName }),
      ...(person !== "" &&
        said !== "" && { segments: [{ speaker: person, startMs: null, endMs: null, text: said }] }),
    },
  };
}

/** The same for the same contents, whatever the order of their names. */
export function stableId(item: unknown): string {
  return createHash("sha256").update(canonicalJson(item)).digest("base64url").slice(0, 22);
}

function timeProblem(found: readonly unknown[], paths: readonly string[], mayLackTime: boolean): string[] {
  if (found.length === 0 && mayLackTime) return [];
  if (found.length === 0)
    return [
      paths.length === 0
        ? "it has no time: name its field in `map.time`, or set `without_time: first_seen`"
        : `it has no time in ${paths.join(", ")}`,
    ];
  const shown = JSON.stringify(found.map(textOf).join(" ").slice(0, 60));
  return [
    `its time ${shown} is none that can be read in one way only: set \`time_format\`, such as dd/MM/yyyy HH:mm`,
  ];
}

/** A value by a dotted path. A name that contains dots counts as well, and one in other letters, if it is the only one. */
export function valueAt(item: unknown, path: string): unknown {
  if (typeof item !== "object" || item === null) return undefined;
  const own = memberOf(item, path);
  if (own !== undefined) return own;
  const dot = path.indexOf(".");
  return dot < 0 ? undefined : valueAt(memberOf(item, path.slice(0, dot)), path.slice(dot + 1));
}

function memberOf(item: object, name: string): unknown {
  if (Object.hasOwn(item, name)) return (item as Item)[name];
  const wanted = name.toLowerCase();
  const other = Object.keys(item).find((key) => key.toLowerCase() === wanted);
  return other === undefined ? undefined : (item as Item)[other];
}

const isThere = (value: unknown) =>
  value !== undefined && value !== null && !(typeof value === "string" && value.trim() === "");

function textOf(value: unknown): string {
  if (typeof value === "string") return value.trim();
  if (typeof value === "number" || typeof value === "boolean") return String(value);
  if (Array.isArray(value)) return value.map(textOf).filter(Boolean).join("\n");
  return typeof value === "object" && value !== null
    ? textOf(memberOf(value, "text") ?? memberOf(value, "name"))
    : "";
}

function isTrue(value: unknown): boolean {
  return (
    value === true ||
    value === 1 ||
    /^\s*(?:true|yes|1|x|ja)\s*$/iu.test(typeof value === "string" ? value : "")
  );
}

function tagsIn(value: unknown): string[] {
  const all = Array.isArray(value) ? value.map(textOf) : textOf(value).split(/[,;\n]+/u);
  return all.map((tag) => tag.trim().replace(/^#/u, "").toWellFormed()).filter((tag) => tag !== "");
}

function placeOfItem(values: (field: MappedField) => unknown[]): {
  location: MemoryLocation | null;
  placeName: string | null;
} {
  const [lat] = values("lat");
  const [lon] = values("lon");
  const [place] = values("place");
  return { location: placeOf(lat, lon) ?? placeAt(place), placeName: placeNameOf(place) };
}

/** A place as a text, a pair of numbers, or an object. */
export function placeAt(value: unknown): MemoryLocation | null {
  if (typeof value === "string") return placeIn(value);
  if (Array.isArray(value)) return value.length === 2 ? placeOf(value[0], value[1]) : null;
  const named = (field: "lat" | "lon") =>
    (usualNames.get(field) ?? []).map((name) => valueAt(value, String(name))).find(isThere);
  return placeOf(named("lat"), named("lon"));
}

function placeNameOf(value: unknown): string | null {
  const name = typeof value === "string" ? value : valueAt(value, "name");
  const isName = typeof name === "string" && placeIn(name) === null && /\p{L}/u.test(name);
  return isName ? name.trim().toWellFormed() : null;
}
