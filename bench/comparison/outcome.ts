import type { Row, World } from "./world.ts";

/** What LightRAG has of a memory in place of one processed document with its words. */
export const faults = ["missing", "not processed", "old text", "twice", "still there"] as const;
export type Fault = (typeof faults)[number];

/** What became of one input by one way. */
export interface Outcome {
  /** Memories of which LightRAG does not hold what it should, by id. */
  wrong: Record<string, Fault>;
  /** The exit codes of the runs in their order; null for the one that was killed. */
  exits: (number | null)[];
  /** A run has named a memory that is not right. */
  named: boolean;
}

/** Compares what LightRAG has with what the source has in the end. */
export async function outcomeOf(world: World): Promise<Outcome> {
  const rows = await world.rows();
  const ids = new Set([...world.memories.keys(), ...rows.map(idOf)]);
  const judged = [...ids].flatMap((id) => {
    const words = String(world.memories.get(id)?.transcript ?? "");
    const fault = faultOf(
      words,
      rows.filter((row) => idOf(row) === id),
    );
    return fault === null ? [] : [[id, fault] as const];
  });
  const printed = world.ends.map(({ output }) => output);
  return {
    wrong: Object.fromEntries(judged.toSorted(([a], [b]) => a.localeCompare(b, "en", { numeric: true }))),
    exits: world.ends.map(({ exit }) => exit),
    named: judged.some(([id]) => printed.some((output) => new RegExp(`\\b${id}\\b`, "u").test(output))),
  };
}

/** `told`: something is not right and the last run says so by its exit code, which is what systemd and monitors look at. */
export type Verdict = "right" | "told" | "silent";

export function verdictOf({ wrong, exits }: Outcome): Verdict {
  if (Object.keys(wrong).length === 0) return "right";
  return exits.at(-1) === 0 ? "silent" : "told";
}

/** How many memories have which fault. */
export function countsOf({ wrong }: Outcome): Map<Fault, number> {
  const counts = new Map<Fault, number>();
  for (const fault of Object.values(wrong)) counts.set(fault, (counts.get(fault) ?? 0) + 1);
  return counts;
}

/** The memory's own mark in the text; whatever a way calls its documents. */
function idOf({ content_summary, file_path }: Row): string {
  return /\b(note-\d+): /u.exec(content_summary)?.[1] ?? /\b(note-\d+)\b/u.exec(file_path)?.[1] ?? file_path;
}

function faultOf(words: string, rows: readonly Row[]): Fault | null {
  if (words === "") return rows.length === 0 ? null : "still there";
  if (rows.length === 0) return "missing";
  if (rows.some(({ status }) => status !== "processed")) return "not processed";
  if (rows.some(({ content_summary }) => !content_summary.includes(words))) return "old text";
  return rows.length > 1 ? "twice" : null;
}
