/**
 * A place in words. Names are in English where the source has English names. A type and not an interface, as `ImageReading`, so
 * that it counts as plain data.
 */
export type Place = {
  /** A part of the city, when the source knows such parts. */
  district: string | null;
  /** The town that the place lies in, or the nearest one. */
  city: string | null;
  /** State, province or the like. */
  region: string | null;
  country: string | null;
  /** Kilometres from the middle of the district, else of the town, to 0.1; null when the place lies in it, and where no town is named. */
  distanceKm: number | null;
};

/** What a picture shows. */
export type ImageReading = {
  description: string;
  /** Text in the picture; the empty string when there is none. */
  text: string;
};

/**
 * What enrichment found out about a memory, besides what the source said. It is stored with the memory, so that the document's text
 * is a function of the memory alone and can be rendered again without any service.
 */
export interface MemoryFacts {
  place: Place | null;
  /** IANA name of the zone whose clocks the memory's speaker saw; null means UTC. */
  timeZone: string | null;
  /** Hashtags without their sign, then keywords and named things of the transcript. */
  tags: readonly string[];
  /** Names of people and @handles in the transcript. */
  people: readonly string[];
  /** http and https links in the transcript. */
  links: readonly string[];
  /** What the audio says, for a memory that came without a transcript. */
  transcription: string | null;
  image: ImageReading | null;
  /** Media that no model could read and that were given up. Default: none. */
  unreadable?: readonly ("audio" | "image")[];
  /** A medium could not be read yet; the memory waits for it. */
  pendingMedia: boolean;
  /** What the connector's filter said before words were taken out that it may ask for. Default: the filter can be asked still. */
  chosen?: {
    /** SHA-256, hex, of the filter. */
    filter: string;
    fits: boolean;
  };
  /** Something could not be found out this time. The memory is enriched again even if it does not change. */
  provisional: boolean;
}

/** The facts of a memory that was not enriched. */
export const noFacts: MemoryFacts = {
  place: null,
  timeZone: null,
  tags: [],
  people: [],
  links: [],
  transcription: null,
  image: null,
  pendingMedia: false,
  provisional: false,
};
