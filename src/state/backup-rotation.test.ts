import { mkdirSync, readdirSync, readFileSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { ManualClock } from "../../test/support/manual-clock.ts";
import { temporaryFolder } from "../../test/support/temp-folder.ts";
import { tryProcessLock } from "../kernel/util/process-lock.ts";
import { BackupRotation } from "./backup-rotation.ts";
import { locksFolder } from "./state-files.ts";

const hour = 3_600_000;

/** A state whose content is a number that the test counts up. */
function makeState() {
  const folder = temporaryFolder();
  const path = join(folder, "state");
  mkdirSync(locksFolder(path));
  const clock = new ManualClock();
  const warnings: string[] = [];
  const state = { content: 0, broken: false };
  const write = async (target: string) => {
    writeFileSync(target, state.broken ? "half" : String(state.content));
    if (state.broken) throw new Error("not good");
  };
  const open = () =>
    BackupRotation.of({ path, keep: 3, clock, write, onWarning: (message) => void warnings.push(message) });
  const change = (copies: BackupRotation) => {
    state.content++;
    copies.noteChange();
  };
  const kept = () =>
    readdirSync(folder)
      .filter((name) => name.startsWith("state.bak"))
      .map((name) => `${name.slice("state.".length)}=${readFileSync(join(folder, name), "utf8")}`);
  /** The copies' own times are real ones; the test's clock is not. */
  const datedNow = () => utimesSync(`${path}.bak1`, clock.now() / 1000, clock.now() / 1000);
  return { path, clock, state, open, change, kept, warnings, datedNow };
}

test("the first close takes a copy, and the next one only after an hour", async () => {
  const { clock, open, change, kept, datedNow } = makeState();
  const first = await open();
  change(first);
  await first.close();
  expect(kept()).toEqual(["bak1=1"]);
  datedNow();
  clock.advance(hour - 1);
  const second = await open();
  change(second);
  await second.close();
  expect(kept()).toEqual(["bak1=1"]);
  clock.advance(1);
  const third = await open();
  change(third);
  await third.close();
  expect(kept()).toEqual(["bak1=3", "bak2=1"]);
});

test("nothing is copied when nothing changed", async () => {
  const { open, kept } = makeState();
  const copies = await open();
  await copies.close();
  expect(kept()).toEqual([]);
});

test("what an earlier process changed after its copy is copied when a copy is due", async () => {
  const { path, clock, open, change, kept, datedNow } = makeState();
  const first = await open();
  change(first);
  await first.close();
  datedNow();
  clock.advance(hour);
  await (await open()).close();
  expect(kept()).toEqual(["bak1=1"]);
  writeFileSync(path, "changed since");
  utimesSync(path, clock.now() / 1000, clock.now() / 1000);
  await (await open()).close();
  expect(kept()).toEqual(["bak1=1", "bak2=1"]);
});

test("a state that stays open is copied once an hour while it changes, and the oldest copy goes", async () => {
  const { clock, open, change, kept } = makeState();
  const copies = await open();
  change(copies);
  await copies.close();
  for (let at = 0; at < 4; at++) {
    clock.advance(hour);
    change(copies);
    await copies.close();
    change(copies);
    await copies.close();
  }
  expect(kept()).toEqual(["bak1=8", "bak2=6", "bak3=4"]);
});

test("a clock that was set back does not keep copies from being taken", async () => {
  const { clock, open, change, kept } = makeState();
  const copies = await open();
  change(copies);
  await copies.close();
  clock.set(clock.now() - 30 * hour);
  change(copies);
  await copies.close();
  expect(kept()).toEqual(["bak1=2", "bak2=1"]);
});

test("a copy that fails is a warning, and the copies there are stay", async () => {
  const { clock, state, open, change, kept, warnings } = makeState();
  const copies = await open();
  change(copies);
  await copies.close();
  clock.advance(hour);
  state.broken = true;
  change(copies);
  await copies.close();
  expect(warnings).toEqual([expect.stringMatching(/no copy of the state .*state could be taken: not good/)]);
  expect(kept()).toEqual(["bak1=1"]);
});

test("while another process takes a copy none is taken here, and what it is writing is left alone", async () => {
  const { path, open, change, kept } = makeState();
  const lock = tryProcessLock(join(locksFolder(path), "copy.lock"), "exclusive", 0);
  writeFileSync(`${path}.bak.tmp`, "theirs");
  const copies = await open();
  change(copies);
  await copies.close();
  expect(kept()).toEqual(["bak.tmp=theirs"]);
  lock?.release();
});
