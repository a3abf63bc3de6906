import type { Attachment, MalformedMemory, Memory, Segment } from "../../domain/memory.ts";
import type { MemoryFacts, Place } from "../../domain/memory-facts.ts";
import { ConnectorError } from "../../kernel/errors/connector-error.ts";
import { sha256 } from "../fingerprint.ts";
import { foldName } from "./folded-text.ts";
import { LinearPattern, PatternProblem } from "./linear-pattern.ts";
import { type MappedText, readingsOf, sourceOf } from "./mapped-text.ts";
import { NameFinder } from "./name-finder.ts";
import { joinSpans, replaceSpans, type Span } from "./span.ts";

/** What is taken out of memories. */
export interface Redaction {
  /** Regular expressions: see `LinearPattern`. */
  patterns: readonly string[];
  /** See `NameFinder`. */
  names: readonly string[];
  /** What stands in their place. */
  replacement: string;
}

/** What is left around a word that was taken out may be such a word itself, where letters stood beside it. */
const mostRounds = 5;

/** Takes words out of memories. The same memory and redaction give the same result; what was redacted is not changed again. */
export class Redactor {
  readonly #patterns: readonly LinearPattern[];
  readonly #names: NameFinder;
  readonly #replacement: string;

  /** Throws a `PatternProblem` for a pattern that cannot be used. */
  constructor({ patterns, names, replacement }: Redaction) {
    this.#patterns = patterns.map((pattern) => new LinearPattern(pattern));
    this.#names = new NameFinder(names);
    this.#replacement = replacement;
  }

  /** A text without what is to be taken out of it; in NFC where there was something, else as it is. */
  text(text: string): string {
    let redacted = text;
    for (let round = 0; round < mostRounds; round += 1) {
      const before = redacted;
      redacted = this.#once(before);
      if (redacted === before) break;
    }
    return redacted;
  }

  #once(text: string): string {
    const normal = text.normalize("NFC");
    const spans = joinSpans(readingsOf(normal).flatMap((reading) => this.#spansIn(reading)));
    return spans.length === 0 ? text : replaceSpans(normal, spans, this.#replacement);
  }

  #spansIn(reading: MappedText): Span[][] {
    const fitting = this.#patterns.flatMap((pattern) => pattern.spansIn(reading.text));
    return [this.#names.spansIn(reading), fitting.map((span) => sourceOf(reading, span))];
  }

  /** A memory without these words in anything that it says, its id included. The one given is not changed. */
  memory<Given extends Memory>(memory: Given): Given {
    const { title, tags, attachments, segments, placeName, url, facts, members } = memory;
    const redacted: Memory = {
      ...memory,
      id: this.id(memory.id),
      type: this.text(memory.type),
      title: title === null ? null : this.text(title),
      transcript: this.text(memory.transcript),
      tags: this.#list(tags),
      ...(placeName !== undefined && { placeName: this.text(placeName) }),
      ...(attachments !== undefined && { attachments: attachments.map((each) => this.#attachment(each)) }),
      ...(segments !== undefined && { segments: segments.map((each) => this.#segment(each)) }),
      ...(facts !== undefined && { facts: this.#facts(facts) }),
      ...(members !== undefined && { members: members.map((each) => this.memory(each)) }),
    };
    if (url === undefined || !this.touches(url)) return redacted as Given;
    const { url: _, ...withoutAddress } = redacted;
    return withoutAddress as Given;
  }

  /** An id that does not tell what is taken out: where it holds such words, one made from it, which never changes. */
  id(id: string): string {
    return this.touches(id) && !isRedactedId(id) ? redactedId(id) : id;
  }

  /** An item of a list that is no memory. */
  /** How the ids of its memories begin is not told: they may be others by now, and then it stands for any. */
  malformed({ standsFor: _, ...item }: MalformedMemory): MalformedMemory {
    return {
      ...item,
      id: item.id === null ? null : this.id(item.id),
      problems: item.problems.map((problem) => this.text(problem)),
      excerpt: this.text(item.excerpt),
    };
  }

  /** What was thrown, without these words; its cause is left out when there were any. */
  error(thrown: unknown): unknown {
    if (!(thrown instanceof ConnectorError)) return thrown;
    const { code, message, subject, hint, requestHint, retryAfterMs, status } = thrown;
    const said = [message, subject ?? "", hint, requestHint];
    if (said.every((text) => this.text(text) === text)) return thrown;
    return new ConnectorError(code, this.text(message), {
      ...(subject !== undefined && { subject: this.text(subject) }),
      hint: { command: this.text(hint), request: this.text(requestHint) },
      ...(retryAfterMs !== undefined && { retryAfterMs }),
      ...(status !== undefined && { status }),
    });
  }

  /** Whether such words stand in a text, also as an address writes them (`Jos%C3%A9`). */
  touches(text: string): boolean {
    return [text, decoded(text)].some((form) => this.text(form) !== form);
  }

  #attachment({ id, name, ...attachment }: Attachment): Attachment {
    return {
      ...attachment,
      name: name === null ? null : this.text(name),
      ...(id !== undefined && { id: this.id(id) }),
    };
  }

  #segment(segment: Segment): Segment {
    const { speaker, text } = segment;
    return { ...segment, speaker: speaker === null ? null : this.text(speaker), text: this.text(text) };
  }

  #facts(facts: MemoryFacts): MemoryFacts {
    const { place, transcription, image } = facts;
    return {
      ...facts,
      place: place === null ? null : this.#place(place),
      tags: this.#list(facts.tags),
      people: this.#list(facts.people),
      links: facts.links.filter((link) => !this.touches(link)),
      transcription: transcription === null ? null : this.text(transcription),
      image:
        image === null ? null : { description: this.text(image.description), text: this.text(image.text) },
    };
  }

  #place({ district, city, region, country, distanceKm }: Place): Place {
    const name = (given: string | null) => (given === null ? null : this.text(given));
    return {
      district: name(district),
      city: name(city),
      region: name(region),
      country: name(country),
      distanceKm,
    };
  }

  #besideReplacement(text: string): string {
    return foldName(readingsOf(text.replaceAll(this.#replacement, "")).at(-1)?.text ?? "");
  }

  /** What is nothing but such a word is no tag any more. */
  #list(texts: readonly string[]): string[] {
    return texts.flatMap((text) => {
      const redacted = this.text(text);
      return redacted !== text && !/[^\s#@]/u.test(this.#besideReplacement(redacted)) ? [] : [redacted];
    });
  }
}

/** The id of a memory whose own id holds words that are taken out. The same for the same id, whatever is taken out of it. */
export function redactedId(id: string): string {
  return `redacted-${sha256(id).slice(0, 32)}`;
}

/** Whether an id may be one that `redactedId` has made. */
export function isRedactedId(id: string): boolean {
  return /^redacted-[0-9a-f]{32}$/u.test(id);
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** What is wrong with a pattern, for people; null when it can be used. */
export function patternProblem(pattern: string): string | null {
  try {
    new LinearPattern(pattern);
    return null;
  } catch (error) {
    if (error instanceof PatternProblem) return error.message;
    throw error;
  }
}

/** What is wrong with a name, for people; null when it can be used. */
export function nameProblem(name: string): string | null {
  return foldName(name).length < 2 ? "has fewer than two letters" : null;
}

/**
 * Why a replacement could bring back what it replaces, for people; null when it cannot. A name that shared the sign at one of its edges could
 * come about from it and the words beside it.
 */
export function replacementProblem({ patterns, names, replacement }: Redaction): string | null {
  const folded = foldName(replacement);
  if (folded === "") return "has nothing but spaces, hyphens, dots or underscores";
  const readings = readingsOf(replacement.normalize("NFC"));
  const held = names.find((name) => {
    const finder = new NameFinder([name]);
    return readings.some((reading) => finder.spansIn(reading).length > 0);
  });
  if (held !== undefined) return `contains the name ${JSON.stringify(held)}, which it is to replace`;
  const edges = [Array.from(folded)[0] ?? "", Array.from(folded).at(-1) ?? ""];
  const clash = names.find((name) => edges.some((sign) => foldName(name).includes(sign)));
  if (clash !== undefined) return `begins or ends with a sign of the name ${JSON.stringify(clash)}`;
  const usable = patterns.filter((pattern) => patternProblem(pattern) === null);
  return usable.some((pattern) => new LinearPattern(pattern).spansIn(replacement).length > 0)
    ? "is itself what one of the patterns fits"
    : null;
}
