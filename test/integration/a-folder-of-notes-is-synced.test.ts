import { mkdirSync, renameSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test, vi } from "vitest";
import { runCli } from "../support/cli.ts";
import { cliJson, makeWorld, startService } from "../support/service.ts";

/** A world whose one connector reads the folder `vault`, and what writes its files. */
async function vaultWorld(schedule = "{ type: manual }") {
  const { folder, lightrag, configure } = await makeWorld(0);
  configure(`connectors:
  - id: notes
    context_id: VAULT
    timezone: Europe/Berlin
    schedule: ${schedule}
    deletions: { grace_listings: 1, grace_period: 0, always_allowed: 5 }
    on_delete: propagate
    source: { type: folder, path: ./vault }`);
  mkdirSync(join(folder, "vault"));
  const write = (name: string, text: string) => {
    const file = join(folder, "vault", name);
    writeFileSync(file, text);
    utimesSync(file, 1_700_000_000, 1_700_000_000);
  };
  const sync = (...args: string[]) => runCli(["sync", ...args], { cwd: folder });
  const texts = () => [...lightrag.texts().values()];
  return { folder, vault: join(folder, "vault"), write, sync, texts };
}

test("notes are delivered, each once; what is changed, moved and deleted is followed", async () => {
  const { folder, vault, write, sync, texts } = await vaultWorld();
  write(
    "2026-03-01 River.md",
    "---\nlocation: [50.7374, 7.0982]\ntags: [walk]\n---\nMet [[Ada]] at the river.",
  );
  write("b.md", "---\nid: B\n---\nThe boat goes back into the water.");
  write("c.md", "To be deleted.");
  expect(await sync()).toMatchObject({ code: 0, out: expect.stringContaining("3 proved processed") });
  expect(texts().find((text) => text.includes("Ada"))).toContain("Met Ada at the river.");
  expect(await sync()).toMatchObject({ code: 0, out: expect.stringContaining("0 submitted") });

  write("b.md", "---\nid: B\n---\nThe boat stays where it is.");
  renameSync(join(vault, "b.md"), join(vault, "moved.md"));
  rmSync(join(vault, "c.md"));
  expect(await sync()).toMatchObject({ code: 0 });
  expect(texts().filter((text) => text.includes("boat"))).toEqual([
    expect.stringContaining("stays where it is"),
  ]);
  expect(texts().join()).not.toContain("To be deleted");
  const { connectors } = await cliJson(folder, "status");
  expect(connectors[0].memories).toMatchObject({ processed: 2 });
});

test("a note that is still being written is read by a later run, and the run is none the worse for it", async () => {
  const { vault, write, sync } = await vaultWorld();
  write("a.md", "whole");
  const fresh = join(vault, "fresh.md");
  writeFileSync(fresh, "not yet");
  // File systems tell parts of a millisecond; this file is of a moment ago.
  const moment = Math.floor(Date.now() / 1000) + 0.000_5;
  utimesSync(fresh, moment, moment);
  expect(await sync()).toMatchObject({ code: 0, out: expect.stringContaining("1 proved processed") });
  utimesSync(fresh, 1_700_000_000, 1_700_000_000);
  expect(await sync()).toMatchObject({ code: 0, out: expect.stringContaining("1 proved processed") });
});

test("the dead letter of a note that could never be read goes with the note, at the next look at what has changed", async () => {
  const { folder, vault, write, sync } = await vaultWorld();
  write("a.md", "good");
  writeFileSync(join(vault, "latin.md"), Buffer.from("caf\xe9", "latin1"));
  utimesSync(join(vault, "latin.md"), 1_700_000_000, 1_700_000_000);
  expect(await sync()).toMatchObject({ code: 3 });
  expect((await cliJson(folder, "dead-letters", "list")).deadLetters).toMatchObject([
    { memoryId: "latin.md" },
  ]);
  rmSync(join(vault, "latin.md"));
  expect(await sync()).toMatchObject({ code: 0 });
  expect((await cliJson(folder, "dead-letters", "list")).deadLetters).toEqual([]);
});

test("a folder that has gone ends the run with a hint, and takes nothing away", async () => {
  const { vault, write, sync, texts } = await vaultWorld();
  write("a.md", "stays");
  await sync();
  renameSync(vault, `${vault}-unmounted`);
  expect(await sync()).toMatchObject({ code: 1, out: expect.stringContaining("source.path") });
  mkdirSync(vault);
  expect(await sync()).toMatchObject({ out: expect.stringContaining("is its drive there?") });
  expect(texts()).toEqual([expect.stringContaining("stays")]);
});

test("the service follows a folder: a file that is written is delivered soon, whatever the schedule says", async () => {
  const { folder, write, texts } = await vaultWorld("{ type: interval, every: 1d }");
  const service = await startService(folder);
  write("a.md", "Written while the service runs.");
  await vi.waitFor(() => expect(texts().join()).toContain("Written while"), {
    timeout: 60_000,
    interval: 100,
  });
  expect(await service.stop()).toMatchObject({ code: 0 });
});
