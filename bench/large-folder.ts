import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buildScript } from "./support/built-script.ts";
import type { Figure } from "./support/figures.ts";
import { runMeasured } from "./support/measured-run.ts";

const count = Number(process.env.BENCH_FILES ?? 100_000);
const perFolder = 1_000;
const before = new Date("2026-03-01T08:15:00Z");

interface Listing {
  memories: number;
  mark: string;
  ms: number;
}

/** What a folder of many notes costs: read for the first time, and looked at again by another process when nothing is new in it. */
export async function measureLargeFolder(): Promise<Figure[]> {
  const place = mkdtempSync(join(tmpdir(), "memory-connector-bench-"));
  try {
    const root = join(place, "notes");
    writeNotes(root);
    const script = await buildScript("bench/support/list-folder.ts", join(place, "built"));
    const state = join(place, "state.db");
    const list = (...mark: string[]) => runMeasured<Listing>(place, script, root, state, ...mark);
    const first = await list();
    const again = await list(first.json.mark);
    if (first.json.memories !== count || again.json.memories !== 0)
      throw new Error(`${first.json.memories} and ${again.json.memories} memories in a folder of ${count}`);
    const details = { first, again };
    return [
      {
        what: `a folder of ${count} notes, read for the first time`,
        value: first.json.ms / 1000,
        unit: "s",
        target: { below: 60 },
        details,
      },
      { what: "the same when nothing is new", value: again.json.ms / 1000, unit: "s", target: { below: 5 } },
      {
        what: "peak memory of both",
        value: Math.max(first.peakMb, again.peakMb),
        unit: "MB",
        target: { below: 200 },
      },
    ];
  } finally {
    rmSync(place, { recursive: true, force: true });
  }
}

function writeNotes(root: string): void {
  for (let note = 0; note < count; note += 1) {
    const folder = join(root, `part-${Math.floor(note / perFolder)}`);
    if (note % perFolder === 0) mkdirSync(folder, { recursive: true });
    const file = join(folder, `note ${note}.md`);
    writeFileSync(
      file,
      `---\ntags: [bench, n${note % 50}]\n---\n# Note ${note}\n\nInes met Jonas at the river, for the ${note}th time.\n`,
    );
    utimesSync(file, before, before);
  }
}
