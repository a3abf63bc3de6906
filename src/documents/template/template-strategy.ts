import Mustache from "mustache";
import { factsOf, type Memory, zoneOf } from "../../domain/memory.ts";
import { contentOf, noTranscript, spokenText } from "../content.ts";
import { localTime, readableLocal } from "../local-time.ts";
import { foldWhiteSpace, storableText } from "../storable-text.ts";
import type { TransformationStrategy } from "../transformation-strategy.ts";
import {
  attachmentList,
  coordinates,
  degrees,
  humanType,
  mediaList,
  placeInWords,
  speakersOf,
  tagList,
} from "../words.ts";
import { checkTemplate } from "./template-check.ts";
import type { TemplateVariableName } from "./template-variables.ts";

/** The output is plain text: values are not HTML-escaped. */
const plainText = { escape: (value: unknown) => String(value) };

/** The template strategy: documents by a Mustache template of the user. */
export class TemplateTransformationStrategy implements TransformationStrategy {
  readonly name = "template";
  readonly #template: string;
  readonly #writer = new Mustache.Writer();

  /** Throws `TEMPLATE_INVALID`. */
  constructor(template: string) {
    checkTemplate(template);
    this.#template = template;
  }

  transform(memory: Memory): string {
    const text = this.#writer.render(this.#template, templateView(memory), undefined, plainText);
    return storableText(text).trim() || noTranscript;
  }

  firstForm(memory: Memory): string {
    return this.transform(memory);
  }
}

/** A text, or a list that a section iterates over. A missing value is the empty text or the empty list, and counts as false. */
type TemplateValue = string | readonly string[];

/** The values of a memory for a template. All of them except the content are on one line. */
function templateView(memory: Memory): Record<TemplateVariableName, TemplateValue> {
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
    url: foldWhiteSpace(memory.url ?? ""),
    language: foldWhiteSpace(memory.language ?? ""),
    format: memory.format ?? "",
  };
}

function timeView(memory: Memory) {
  const local = localTime(memory.createdAt, zoneOf(memory));
  return {
    recorded: readableLocal(local),
    date: local.date,
    time: local.time,
    weekday: local.weekday,
    part_of_day: local.partOfDay,
    time_zone: local.zone ?? "",
    utc_offset: local.offset,
    created_at: memory.createdAt,
    ended_at: memory.endedAt ?? "",
    time_source: memory.timeSource ?? "",
  };
}

function placeView(memory: Memory) {
  const { location } = memory;
  const { place } = factsOf(memory);
  return {
    place_name: foldWhiteSpace(memory.placeName ?? ""),
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
    speakers: speakersOf(memory).join(", "),
    attachments: attachmentList(memory).join(", "),
    tags: tags.join(", "),
    links: links.join(", "),
    people_list: people,
    tag_list: tags,
    link_list: links,
  };
}
