import { keepHeapSmall } from "../../src/kernel/util/v8.ts";
import type { ListScope } from "../../src/sources/memory-source.ts";

// As main.ts does for the command line.
keepHeapSmall();

const { systemClock } = await import("../../src/kernel/util/clock.ts");
const { EventBus } = await import("../../src/kernel/util/event-bus.ts");
const { buildSource } = await import("../../src/runtime/source-factory.ts");
const { sourceSettings, toSourceConfig } = await import("../../src/sources/source-settings.ts");
const { openState } = await import("../../src/state/open-state.ts");

/** Lists a folder of notes in a process of its own, as a run does, and prints what that took: `list-folder.ts FOLDER STATE [MARK]`. */
const [, , path = "", state = "", mark] = process.argv;
const place = {
  folder: "/",
  block: "source",
  keyOrigin: null,
  timezone: "UTC",
  connectorId: "bench",
} as const;
const config = toSourceConfig(sourceSettings.parse({ type: "folder", path }), place);
const opened = await openState({ backend: "sqlite", path: state, clock: systemClock });
const source = await buildSource(config, new EventBus(), opened);
const scope: ListScope = mark === undefined ? { kind: "everything" } : { kind: "changes", since: mark };
const startedAt = performance.now();
let memories = 0;
let next = "";
const request = { contextId: "BENCH", scope, limit: 1_000 };
for await (const page of source.list(request, new AbortController().signal)) {
  memories += page.memories.length;
  next = page.mark ?? next;
}
const ms = performance.now() - startedAt;
await source.close();
await opened.close();
process.stdout.write(`${JSON.stringify({ memories, mark: next, ms })}\n`);
