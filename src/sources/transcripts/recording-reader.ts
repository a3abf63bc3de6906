import { createHash } from "node:crypto";
import { basename } from "node:path/posix";
import pMap from "p-map";
import { attachmentsOf } from "../../domain/attachments.ts";
import type { Memory } from "../../domain/memory.ts";
import { momentInName } from "../file-name-time.ts";
import { decodeText, noText } from "../files-of-a-folder/decode-text.ts";
import type { FileIndex } from "../files-of-a-folder/file-index.ts";
import { extensionOf } from "../files-of-a-folder/file-kinds.ts";
import type { Arrangement, FileReader } from "../files-of-a-folder/file-reader.ts";
import type { KnownFile } from "../files-of-a-folder/known-files.ts";
import {
  type Flaw,
  fileDate,
  type ListedFile,
  malformedFile,
  pendingOf,
} from "../files-of-a-folder/listed-file.ts";
import { isSame, readWhole } from "../files-of-a-folder/read-file.ts";
import type { FoundFile } from "../files-of-a-folder/walk-folder.ts";
import { tooLarge } from "../listed-item.ts";
import { type MediumFacts, readMediumFacts } from "./medium-facts.ts";
import { partOf, type Recording, recordingsOf } from "./recordings.ts";
import type { RecordingOptions } from "./settings.ts";
import { isBetter, readTranscript, type Transcript, transcriptProblem } from "./transcript.ts";

const parallelReads = 16;

/** A text of a recording that was read. */
interface ReadText {
  extension: string;
  transcript: Transcript;
  hash: string;
}

/** Why one of the texts is of no use; the recording may have another one. */
type TextReading = { kind: "read"; text: ReadText } | { kind: "flawed"; flaw: Flaw } | { kind: "unsettled" };

/** Recordings and their texts: the files with one stem in one folder are one memory. */
export class RecordingReader implements FileReader {
  readonly itemNames = ["recording", "recordings"] as const;
  readonly selection = "recordings";
  readonly media = ["audio"] as const;
  readonly #options: RecordingOptions;
  readonly #now: () => number;

  constructor(options: RecordingOptions, now: () => number = Date.now) {
    this.#options = options;
    this.#now = now;
  }

  readonly isWanted = (name: string): boolean => partOf(name) !== null;

  arrange(files: readonly FoundFile[]): Arrangement {
    const recordings = recordingsOf(files);
    return {
      items: Array.from(recordings.values(), ({ found }) => found),
      contents: {
        mediumAt: (path) => files.find((file) => file.path === path),
        read: (items, index) =>
          pMap(items, (item) => this.#listed(item, recordings.get(item.path), index), {
            concurrency: parallelReads,
          }),
      },
    };
  }

  async #listed(item: KnownFile, recording: Recording | undefined, index: FileIndex): Promise<ListedFile> {
    const pending = (): ListedFile => {
      index.doubt(item.path);
      return { kind: "pending", pending: pendingOf(index, item) };
    };
    // It was there in an earlier walk, and was given back by it; or one of its files is still being written.
    if (recording === undefined || !isSame(item, recording.found)) return pending();
    const readings = await pMap(recording.texts, (file) => this.#readText(file), { concurrency: 2 });
    if (readings.some(({ kind }) => kind === "unsettled")) return pending();
    const best = bestOf(readings);
    const medium = await this.#mediumFacts(recording);
    const flaw = best === null ? (flawIn(readings) ?? medium?.flaw) : null;
    if (flaw != null) return malformedFile(index, item, flaw);
    const time = this.#timeOf(item.path, medium);
    const read = index.identify(item.path, {
      ownId: null,
      hash: medium?.hash ?? best?.hash ?? "",
      time: time === null ? null : Date.parse(time.createdAt),
      media: recording.audio[0] === undefined ? {} : { audio: recording.audio[0].path },
    });
    if (read == null || (best === null && this.#isAwaited(item, recording))) return pending();
    const { hasClock, ...known } = time ?? { ...fileDate(read), hasClock: false };
    return {
      kind: "memory",
      memory: { id: read.id, ...known, ...memoryOf(recording, best, hasClock ? known.createdAt : null) },
    };
  }

  async #readText(file: FoundFile): Promise<TextReading> {
    const { root, maxFileBytes, encoding } = this.#options;
    const reading = await readWhole(root, file, maxFileBytes);
    const flawed = (flaw: Flaw): TextReading => {
      return { kind: "flawed", flaw: { ...flaw, problem: `${basename(file.path)}: ${flaw.problem}` } };
    };
    if (reading.kind === "unsettled") return reading;
    if (reading.kind === "too-large") return flawed(tooLarge(file.size, maxFileBytes));
    if (reading.kind === "unreadable") return flawed({ problem: `it cannot be read: ${reading.reason}` });
    const { text, isWhole } = decodeText(reading.bytes, encoding);
    if (!isWhole) return flawed({ ...noText, text });
    const extension = extensionOf(file.path);
    const transcript = readTranscript(extension, text);
    if (transcript === null) return flawed({ problem: transcriptProblem(extension, text), text });
    return { kind: "read", text: { extension, transcript, hash: hashOf(reading.bytes) } };
  }

  /** Null where there is no medium. */
  async #mediumFacts({ audio, videos }: Recording): Promise<MediumFacts | null> {
    const [medium] = [...audio, ...videos];
    return medium === undefined ? null : await readMediumFacts(this.#options.root, medium);
  }

  #timeOf(path: string, medium: MediumFacts | null) {
    const named = momentInName(basename(path), this.#options.timeZone);
    if (named !== null)
      return { createdAt: named.time, timeSource: "file_name" as const, hasClock: named.hasClock };
    const madeAt = medium?.madeAt ?? null;
    return madeAt === null ? null : { createdAt: new Date(madeAt).toISOString(), hasClock: false };
  }

  /** Whether a recording without a text may still get one. */
  #isAwaited({ mtimeMs }: FoundFile, { audio, videos }: Recording): boolean {
    const ageMs = this.#now() - mtimeMs;
    return audio.length + videos.length > 0 && ageMs >= 0 && ageMs < this.#options.waitForTextMs;
  }
}

/** The best one with words; null when there is none. */
function bestOf(readings: readonly TextReading[]): ReadText | null {
  const texts = readings.flatMap((each) =>
    each.kind === "read" && each.text.transcript.text !== "" ? each.text : [],
  );
  return texts.reduce<ReadText | null>(
    (best, text) => (best === null || isBetter(text, best) ? text : best),
    null,
  );
}

function flawIn(readings: readonly TextReading[]): Flaw | undefined {
  return readings.find((each) => each.kind === "flawed")?.flaw;
}

/** `startedAt` is null where the time of its beginning is not known to the minute. */
function memoryOf(
  { audio, videos, found }: Recording,
  best: ReadText | null,
  startedAt: string | null,
): Omit<Memory, "id" | "createdAt"> {
  const { text = "", segments = [], language = null } = best?.transcript ?? {};
  const attachments = attachmentsOf([
    ...audio.slice(1).map(({ path }) => ({ kind: "audio" as const, name: basename(path), id: path })),
    ...videos.map(({ path }) => ({ kind: "video" as const, name: basename(path), id: path })),
  ]);
  const lastMs = Math.max(0, ...segments.slice(-1).map(({ endMs }) => endMs ?? 0));
  return {
    type: "record",
    audio: audio.length > 0,
    image: false,
    transcript: text,
    location: null,
    updatedAt: null,
    title: basename(found.path),
    tags: [],
    ...(startedAt !== null &&
      lastMs > 0 && { endedAt: new Date(Date.parse(startedAt) + lastMs).toISOString() }),
    ...(language !== null && { language }),
    ...(best?.extension === "md" && { format: "markdown" as const }),
    ...(attachments.length > 0 && { attachments }),
    ...(segments.length > 0 && { segments }),
  };
}

const hashOf = (bytes: Buffer) => createHash("sha256").update(bytes).digest("base64url");
