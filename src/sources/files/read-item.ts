import { createHash } from "node:crypto";
import type { MalformedMemory, Memory } from "../../domain/memory.ts";
import type { ConnectorError } from "../../kernel/errors/connector-error.ts";
import type { SettingAdvice } from "../../kernel/errors/setting-advice.ts";
import { excerptOf } from "../listed-item.ts";
import type { ChatDay } from "./presets/chat-message.ts";

/** What a reader makes of a part of a file. */
export type ReadItem =
  /**
   * `replaces`: it takes the place of an earlier one by its own place alone, as in a log. `files` are those that belong to it, as the export names them, from the place of its own
   * file on.
   */
  | {
      kind: "memory";
      memory: Memory;
      files?: readonly string[];
      replaces?: true;
      where?: ItemPlace;
      twin?: Twin;
      /** When this form of it was made, in RFC 3339, where that is more than the memory's own `updatedAt` says. */
      version?: string | null;
      /** What it is made of, where other exports may have more of it. */
      day?: ChatDay;
      /** Its time as the file writes it, where one item says it. */
      written?: string;
      /** What of it could not be read for certain, for people. */
      doubts?: readonly string[];
    }
  /** `isFile`: nothing of its file can be read. */
  | { kind: "malformed"; malformed: MalformedMemory; replaces?: true; isFile?: true }
  /** The file itself says that the memory is gone. */
  | { kind: "deleted"; id: string; twin?: Twin }
  /** The file may hold more than could be read, such as another form of the memory `id`. The reason is for people, and names the place. */
  | { kind: "truncated"; reason: string; id?: string | null };

/** Where an item stands. */
export interface ItemPlace {
  file: string;
  position: number;
  unit: "line" | "item";
}

/** What tells items of one id apart in an export whose ids are no more than moments: two of one folder with different names are different items. */
export interface Twin {
  folder: string;
  name: string;
  /** What it consists of, in digests: items of one id with a part in common are one, whatever their names are. */
  parts?: readonly string[];
}

/** For people: `line 3 of notes.csv`. */
export const placeName = ({ file, position, unit }: ItemPlace): string => `${unit} ${position} of ${file}`;

interface Flaw {
  code?: NonNullable<MalformedMemory["code"]>;
  id?: string | null;
  /** How the ids of the memories begin that it stands for. */
  standsFor?: string;
  problems: readonly string[];
  /** The setting that helps. */
  advice?: SettingAdvice | undefined;
  /** What is damaged. */
  text: string;
  /** Tells this text from others with the same beginning. */
  digest?: string | null;
}

export function malformedItem(
  where: ItemPlace,
  { code, id = null, standsFor, problems, advice, text, digest }: Flaw,
): ReadItem & { kind: "malformed" } {
  const fingerprint = createHash("sha256")
    .update(JSON.stringify([where.file, digest ?? text, problems]))
    .digest("hex");
  const malformed = {
    ...(code && { code }),
    position: where.position,
    id,
    ...(standsFor !== undefined && { standsFor }),
    problems: problems.map((problem) => `${placeName(where)}: ${problem}`),
    ...(advice && { advice }),
    excerpt: excerptOf(text),
    fingerprint,
  };
  return { kind: "malformed", malformed };
}

/** A file among others that is none of a form that can be read; its dead letter has the file's name for an id. */
export function unreadFile(file: string, { message, hint, advice }: ConnectorError): ReadItem {
  const problems = [advice === undefined ? `${message}; ${hint}` : message];
  const fingerprint = createHash("sha256")
    .update(JSON.stringify([file, problems]))
    .digest("hex");
  return {
    kind: "malformed",
    isFile: true,
    malformed: {
      id: file,
      problems,
      ...(advice && { advice }),
      excerpt: JSON.stringify({ file }),
      fingerprint,
    },
  };
}
