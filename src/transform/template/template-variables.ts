import type { Memory } from "../../memory/memory.ts";
import { contentOf, spokenText } from "../content.ts";
import { factsOf } from "../facts.ts";
import { foldWhiteSpace } from "../header.ts";
import { localTime, readableLocal } from "../local-time.ts";
import { coordinates, degrees, humanType, mediaList, placeInWords, tagList } from "../words.ts";

/** A text, or a list that a section repeats for. Nothing is the empty text or the empty list, and counts as false. */
export type TemplateValue = string | readonly string[];

export interface TemplateVariable {
  /** For the documentation. */
  meaning: string;
  kind: "text" | "list";
}

const text = (meaning: string): TemplateVariable => ({ meaning, kind: "text" });
const list = (meaning: string): TemplateVariable => ({ meaning, kind: "list" });

/** Everything that a template may name. `docs/transformation.md` is generated from this table. */
export const templateVariables = {
  id: text("the memory's id"),
  title: text("the title that the source gave"),
  type: text("the type as the source calls it: `voice_note`"),
  type_label: text("the type for people: `Voice note`"),
  content: text(
    "transcript and what the picture shows; never empty: `[no transcript]` where there is neither",
  ),
  transcript: text("what was said"),
  image_description: text("what the picture shows"),
  image_text: text("what is written in the picture"),
  recorded: text("`Thursday, 18 May 2023, 19:17:05 (Asia/Kolkata, UTC+05:30), evening`"),
  date: text("the local date: `2023-05-18`"),
  time: text("the local time: `19:17:05`"),
  weekday: text("`Thursday`"),
  part_of_day: text("`night`, `early morning`, `morning`, `midday`, `afternoon` or `evening`"),
  time_zone: text("the IANA name of the zone: `Asia/Kolkata`; empty where an offset says all"),
  utc_offset: text("`UTC+05:30`"),
  created_at: text("the moment in UTC: `2023-05-18T13:47:05Z`"),
  place: text("`near Powai, Maharashtra, India (1.9 km)`"),
  district: text("the part of the town, where the geocoder knows it"),
  city: text("the town that the place lies in, or the nearest one"),
  region: text("state or province"),
  country: text("the country's name in English"),
  distance_km: text("kilometres from the town's centre: `1.9`"),
  coordinates: text("`19.1, 72.9`"),
  latitude: text("degrees: `19.1`"),
  longitude: text("degrees: `72.9`"),
  media: text("`audio (transcribed), image`"),
  people: text("the people mentioned, separated by commas"),
  tags: text("the tags, separated by commas"),
  links: text("the links, separated by commas"),
  people_list: list("the people mentioned, one by one"),
  tag_list: list("the tags, one by one"),
  link_list: list("the links, one by one"),
} as const satisfies Record<string, TemplateVariable>;

export type TemplateVariableName = keyof typeof templateVariables;

/** What a template sees of a memory. All values but those of the content are on one line. */
export function templateView(memory: Memory): Record<TemplateVariableName, TemplateValue> {
  return { ...headView(memory), ...timeView(memory), ...placeView(memory), ...listView(memory) };
}

function headView(memory: Memory) {
  const { image } = factsOf(memory);
  return {
    id: foldWhiteSpace(memory.id),
    title: foldWhiteSpace(memory.title ?? ""),
    type: foldWhiteSpace(memory.type),
    type_label: humanType(memory.type),
    content: contentOf(memory),
    transcript: spokenText(memory),
    image_description: image?.description ?? "",
    image_text: image?.text ?? "",
    media: mediaList(memory).join(", "),
  };
}

function timeView(memory: Memory) {
  const local = localTime(memory.createdAt, factsOf(memory).timeZone);
  return {
    recorded: readableLocal(local),
    date: local.date,
    time: local.time,
    weekday: local.weekday,
    part_of_day: local.partOfDay,
    time_zone: local.zone ?? "",
    utc_offset: local.offset,
    created_at: memory.createdAt,
  };
}

function placeView(memory: Memory) {
  const { location } = memory;
  const { place } = factsOf(memory);
  return {
    place: place === null ? "" : placeInWords(place),
    district: place?.district ?? "",
    city: place?.city ?? "",
    region: place?.region ?? "",
    country: place?.country ?? "",
    distance_km: String(place?.distanceKm ?? ""),
    coordinates: location === null ? "" : coordinates(location),
    latitude: location === null ? "" : degrees(location.lat),
    longitude: location === null ? "" : degrees(location.lon),
  };
}

function listView(memory: Memory) {
  const { people, links } = factsOf(memory);
  const tags = tagList(memory).map(foldWhiteSpace);
  return {
    people: people.join(", "),
    tags: tags.join(", "),
    links: links.join(", "),
    people_list: people,
    tag_list: tags,
    link_list: links,
  };
}
