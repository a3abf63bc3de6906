import { once } from "node:events";
import { existsSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { expect, test } from "vitest";
import { checkArchive } from "../../src/operations/backup/restore-archive.ts";
import type { StateBackend, StatePlace } from "../../src/state/open-state.ts";
import type { StateEntry } from "../../src/state/state-content.ts";
import { ended, startCli } from "../support/cli.ts";
import { contentOf, fillState } from "../support/filled-state.ts";
import { temporaryFolder } from "../support/temp-folder.ts";

const rows = 6_000;
const lives = 12;

/** A folder with a configuration for a state. */
function place(backend: StateBackend) {
  const folder = temporaryFolder();
  const state = { backend, path: join(folder, "state") };
  const connectors = [{ id: "notes", context_id: "CTX" }];
  const lightrag = { api: { url: "http://127.0.0.1:9" } };
  const memory_api = { url: "http://127.0.0.1:9", api_key: "k" };
  writeFileSync(join(folder, "config.yaml"), JSON.stringify({ lightrag, memory_api, connectors, state }));
  return { folder, state };
}

/** What the state holds beside the notes that it was restored or migrated. */
async function withoutAudit(state: StatePlace): Promise<StateEntry[]> {
  const entries = await contentOf(state);
  return entries.filter(
    ({ section, record }) => section !== "records" || !record.collection.startsWith("audit"),
  );
}

/** How long the command takes when it is left alone. Milliseconds. */
async function timed(args: readonly string[], folder: string): Promise<number> {
  const start = performance.now();
  const answer = await ended(startCli(args, folder));
  expect(answer.code, answer.err).toBe(0);
  return performance.now() - start;
}

async function killedAfter(args: readonly string[], folder: string, ms: number): Promise<void> {
  const child = startCli(args, folder);
  const exit = once(child, "exit");
  await Promise.race([delay(ms), exit]);
  child.kill("SIGKILL");
  await exit;
}

test(`an export killed ${lives} times leaves no half archive under its name, and the next one is whole`, async () => {
  const { folder, state } = place("sqlite");
  await fillState(state, rows);
  const fullMs = await timed(["export", "first.tar.gz"], folder);
  const file = join(folder, "archive.tar.gz");
  for (let life = 1; life <= lives; life += 1) {
    await killedAfter(["export", "archive.tar.gz", "--force"], folder, (fullMs * life) / lives);
    if (existsSync(file)) await checkArchive(file, new AbortController().signal);
  }
  await timed(["export", "archive.tar.gz", "--force"], folder);
  await checkArchive(file, new AbortController().signal);
  expect(readdirSync(folder).filter((name) => name.endsWith(".tmp"))).toEqual([]);
});

for (const backend of ["sqlite", "json"] as const) {
  test(`a restore into ${backend} killed ${lives} times leaves the old state or the new one, and the next one finishes`, async () => {
    const source = place("sqlite");
    await fillState(source.state, rows);
    await timed(["export", "archive.tar.gz"], source.folder);
    const archive = join(source.folder, "archive.tar.gz");
    const wanted = await contentOf(source.state);

    const { folder, state } = place(backend);
    await fillState(state, 10);
    const before = await contentOf(state);
    const command = ["restore", archive, "--replace", "--with-keys"];
    const fullMs = await timed(["restore", archive, "--check"], folder);
    for (let life = 1; life <= lives; life += 1) {
      await killedAfter(command, folder, (fullMs * 1.5 * life) / lives);
      expect([before, wanted]).toContainEqual(await withoutAudit(state));
    }
    await timed(command, folder);
    expect(await withoutAudit(state)).toEqual(wanted);
    const kept = readdirSync(folder).filter((name) => /^state\.replaced-\w+$/u.test(name));
    const olds = await Promise.all(kept.map((name) => contentOf({ backend, path: join(folder, name) })));
    expect(olds).toContainEqual(before);
  });
}

test(`a migration killed ${lives} times leaves the source as it was and no half target, and the next one finishes`, async () => {
  const { folder, state } = place("sqlite");
  await fillState(state, rows);
  const wanted = await contentOf(state);
  const command = ["state", "migrate", "--to", "json"];
  const target = { backend: "json", path: join(folder, "state.json") } as const;
  const fullMs = await timed(["state", "migrate", "--to", "json", "--path", "measured.json"], folder);
  for (let life = 1; life <= lives && !existsSync(target.path); life += 1) {
    await killedAfter(command, folder, (fullMs * life) / lives);
  }
  if (!existsSync(target.path)) await timed(command, folder);
  expect(await withoutAudit(target)).toEqual(wanted);
  expect(await contentOf(state)).toEqual(wanted);
});
