import { createHash } from "node:crypto";
import { attachmentKind, extensionOf } from "../files-of-a-folder/file-kinds.ts";
import type { FoundFile } from "../files-of-a-folder/walk-folder.ts";
import { textExtensions } from "./transcript.ts";

/** The files of one recording: those with one stem in one folder. */
export interface Recording {
  /** Stands for all of them; its path is that of the stem. */
  found: FoundFile;
  texts: readonly FoundFile[];
  audio: readonly FoundFile[];
  videos: readonly FoundFile[];
}

type Part = "texts" | "audio" | "videos";

/** What a file is to a recording by its name; null for what has nothing to do with one. */
export function partOf(name: string): Part | null {
  if (textExtensions.includes(extensionOf(name))) return "texts";
  const kind = attachmentKind(name);
  return kind === "audio" ? kind : kind === "video" ? "videos" : null;
}

/** `walk.m4a`, `walk.json` and whisper.cpp's `walk.m4a.json` belong together. */
function stemOf(path: string): string {
  const whole = withoutExtension(path);
  return partOf(path) === "texts" && isMedium(whole) ? withoutExtension(whole) : whole;
}

const isMedium = (path: string) => partOf(path) === "audio" || partOf(path) === "videos";
const withoutExtension = (path: string) => path.slice(0, path.length - extensionOf(path).length - 1);

/** The recordings of which these are the files, by their stems. */
export function recordingsOf(files: readonly FoundFile[]): Map<string, Recording> {
  const groups = Map.groupBy(files, ({ path }) => stemOf(path));
  return new Map(Array.from(groups, ([stem, group]) => [stem, recordingOf(stem, group)]));
}

function recordingOf(stem: string, files: readonly FoundFile[]): Recording {
  const parts = Map.groupBy(files, ({ path }) => partOf(path));
  const [texts = [], audio = [], videos = []] = (["texts", "audio", "videos"] as const).map((part) =>
    parts.get(part),
  );
  const [dated] = [...audio, ...videos, ...texts];
  return {
    found: { ...stampOf(files), path: stem, spelling: stem, dateMs: dated?.dateMs ?? 0 },
    texts,
    audio,
    videos,
  };
}

/** Changes with each of the files: in the place of the time of a status change stands a number made of all that is known of them. */
function stampOf(files: readonly FoundFile[]) {
  const all = files.map(({ path, size, mtimeMs, ctimeMs }) => [path, size, mtimeMs, ctimeMs]);
  return {
    size: files.reduce((sum, { size }) => sum + size, 0),
    mtimeMs: Math.max(...files.map(({ mtimeMs }) => mtimeMs)),
    ctimeMs: createHash("sha256").update(JSON.stringify(all)).digest().readUIntBE(0, 6),
  };
}
