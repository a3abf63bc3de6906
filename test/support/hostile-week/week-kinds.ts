import { filesWeek } from "./file-weeks.ts";
import { folderWeek, transcriptsWeek } from "./folder-weeks.ts";
import { httpJsonWeek, memoryApiWeek } from "./list-weeks.ts";
import { pushWeek } from "./push-week.ts";
import type { WeekSetup, WeekSource } from "./week-source.ts";
import { joplinWeek, limitlessWeek, memosWeek, omiWeek } from "./world-weeks.ts";

/** The kinds of sources that a week may have. */
export const weekKinds: ReadonlyMap<string, (setup: WeekSetup) => Promise<WeekSource>> = new Map([
  ["memory_api", memoryApiWeek],
  ["folder", folderWeek],
  ["transcripts", transcriptsWeek],
  ["jsonl", (setup) => filesWeek("jsonl", setup)],
  ["log", (setup) => filesWeek("log", setup)],
  ["json", (setup) => filesWeek("json", setup)],
  ["csv", (setup) => filesWeek("csv", setup)],
  ["joplin", joplinWeek],
  ["memos", memosWeek],
  ["omi", omiWeek],
  ["limitless", limitlessWeek],
  ["http_json", httpJsonWeek],
  ["push", pushWeek],
]);
