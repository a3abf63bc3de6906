import { spawnSync } from "node:child_process";
import { mkdirSync, readdirSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { systemClock } from "../../src/kernel/util/clock.ts";
import { runCli } from "../support/cli.ts";
import { memoryOf, syncHarness } from "../support/sync-harness.ts";
import { expectExactly, startWorld } from "../support/sync-world.ts";
import { temporaryFolder } from "../support/temp-folder.ts";

const backends = ["sqlite", "json"] as const;

for (const backend of backends) {
  test(`a ${backend} state cut short is recovered with a message, and what is missing is adopted, not doubled`, async () => {
    const world = await startWorld({ memories: 120, backend });
    const sync = () => runCli(["sync", "--json"], { cwd: world.folder });
    expect((await sync()).code).toBe(0);
    const path = join(world.folder, `state.${backend}`);
    truncateSync(path, Math.floor(statSync(path).size / 3));
    const after = await sync();
    expect(after.code).toBe(0);
    expect(after.err).toContain(path);
    expect(JSON.parse(after.out).runs[0].counts.submitted).toBe(0);
    expectExactly(world.sink, world.memories);
  });

  test(`a lost ${backend} state costs no document: same texts are adopted, other texts replaced`, async () => {
    const world = await startWorld({ memories: 120, backend });
    const sync = () => runCli(["sync", "--json"], { cwd: world.folder });
    expect((await sync()).code).toBe(0);
    for (const file of readdirSync(world.folder)) {
      if (file.startsWith("state.")) rmSync(join(world.folder, file), { recursive: true });
    }
    world.change(5);
    const after = await sync();
    expect(after.code).toBe(0);
    expect(JSON.parse(after.out).runs[0].counts.adopted).toBeGreaterThanOrEqual(115);
    expectExactly(world.sink, world.memories);
  });

  const disk = smallDisk();
  test.skipIf(disk === null)(
    `a full disk under the ${backend} state stops the run with one clear error, and with room again the next run completes`,
    async () => {
      const folder = mountSmallDisk();
      const world = await startWorld({ memories: 601, backend, statePath: join(folder, "state") });
      fillDisk(folder);
      const full = await runCli(["sync", "--json"], { cwd: world.folder });
      expect(full.code).toBe(1);
      expect(`${full.err}${full.out}`).toContain("STATE_DISK_FULL");
      expect(full.err).not.toMatch(/\n\s+at /u);
      rmSync(join(folder, "ballast"));
      expect((await runCli(["sync"], { cwd: world.folder })).code).toBe(0);
      expectExactly(world.sink, world.memories);
    },
  );
}

test("a clock that is set back in the middle of a run and before the next one loses nothing", async () => {
  let shift = 0;
  const clock = { ...systemClock, now: () => Date.now() + shift };
  const sync = await syncHarness({}, clock);
  sync.source.memories = ["a", "b", "c"].map((id) => memoryOf(id));
  sync.sink.onInsert = (record) => {
    shift = -86_400_000;
    Object.assign(record, { status: "processed", chunks: 1 });
  };
  expect(await sync.run()).toMatchObject({ outcome: "success", counts: { processed: 3 } });
  shift = -30 * 86_400_000;
  sync.source.memories.push(memoryOf("d"));
  expect(await sync.run()).toMatchObject({ outcome: "success", counts: { processed: 1, unchanged: 3 } });
});

const megabytes = 12;

/** Null where this machine lets nobody mount a small disk. */
function smallDisk(): string | null {
  const probe = spawnSync("unshare", ["--mount", "true"]);
  return process.getuid?.() === 0 && probe.status === 0 ? "tmpfs" : null;
}

function mountSmallDisk(): string {
  const folder = join(temporaryFolder(), "disk");
  mkdirSync(folder);
  const mounted = spawnSync("mount", ["-t", "tmpfs", "-o", `size=${megabytes}m`, "tmpfs", folder]);
  if (mounted.status !== 0) throw new Error(`cannot mount: ${mounted.stderr}`);
  onTestFinished(() => void spawnSync("umount", ["-l", folder]));
  return folder;
}

/** Leaves room for the start of the state, not for all of it. */
function fillDisk(folder: string): void {
  writeFileSync(join(folder, "ballast"), Buffer.alloc(megabytes * 1024 * 1024 - 320 * 1024));
  expect(readFileSync(join(folder, "ballast")).length).toBeGreaterThan(0);
}
