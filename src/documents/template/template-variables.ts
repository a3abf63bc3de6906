export interface TemplateVariable {
  /** For the documentation. */
  meaning: string;
  kind: "text" | "list";
}

const text = (meaning: string): TemplateVariable => ({ meaning, kind: "text" });
const list = (meaning: string): TemplateVariable => ({ meaning, kind: "list" });

/** All variables that a template may use. `docs/transformation.md` is generated from this table. */
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
  ended_at: text("when it ended, in UTC, where the source knows"),
  time_source: text(
    "what the time is taken from where it is not the recording: `entry`, `file_name`, `file_date` or `first_seen`",
  ),
  place_name: text("what the source calls the place"),
  place: text("`near Powai, Mumbai, Maharashtra, India (1.9 km)`"),
  district: text("the part of the city, where one is known"),
  city: text("the town that the place lies in, or the nearest one; empty where none is within 25 km"),
  region: text("state or province"),
  country: text("the country's name in English"),
  distance_km: text("kilometres from the middle of the district, else of the town: `1.9`"),
  coordinates: text("`19.1, 72.9`"),
  latitude: text("degrees: `19.1`"),
  longitude: text("degrees: `72.9`"),
  url: text("where a person can look at it, where the source knows"),
  language: text("the language of the transcript, where the source knows: `en`"),
  format: text("`plain`, `markdown` or `html`, where the source knows"),
  media: text("`audio (transcribed), image`"),
  people: text("the people mentioned, separated by commas"),
  speakers: text("who speaks, where the source knows, separated by commas"),
  attachments: text("the files of the memory, separated by commas"),
  tags: text("the tags, separated by commas"),
  links: text("the links, separated by commas"),
  people_list: list("the people mentioned, one by one"),
  tag_list: list("the tags, one by one"),
  link_list: list("the links, one by one"),
} as const satisfies Record<string, TemplateVariable>;

export type TemplateVariableName = keyof typeof templateVariables;
