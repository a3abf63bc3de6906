import { chmodSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { makeStore } from "../../../test/contract/state-manager-store.ts";
import { startHttpServer } from "../../../test/support/http-server.ts";
import { meddle } from "../../../test/support/meddle.ts";
import { SteppedClock } from "../../../test/support/stepped-clock.ts";
import { temporaryFolder } from "../../../test/support/temp-folder.ts";
import { AuditLog } from "../../access/audit/audit-log.ts";
import { serviceOrigin } from "../../access/audit/audit-origin.ts";
import { sealedConnectors } from "../../access/secrets/sealed-connector-store.ts";
import { newSecretKey } from "../../access/secrets/secret-key.ts";
import { SecretVault } from "../../access/secrets/secret-vault.ts";
import { maskSecrets, secretKeys } from "../../config/mask-secrets.ts";
import { checkClock } from "./check-clock.ts";
import { checkDisk, checkNode } from "./check-machine.ts";
import { checkPermissions } from "./check-permissions.ts";
import { checkSecrets } from "./check-secrets.ts";
import { checkAudit, checkSchedulers, checkState } from "./check-state.ts";

test("a Node.js that is too old is a problem", () => {
  expect(checkNode("24.0.0", "1.0.0").level).toBe("ok");
  expect(checkNode("26.1.0", "1.0.0").level).toBe("ok");
  expect(checkNode("9.11.2", "1.0.0").level).toBe("problem");
  expect(checkNode("20.19.0", "1.0.0")).toMatchObject({ level: "problem", fix: expect.any(String) });
});

describe.skipIf(process.platform === "win32")("rights of files (Windows keeps them elsewhere)", () => {
  function fileWith(mode: number, folderMode = 0o700): string {
    const folder = join(temporaryFolder(), "f");
    mkdirSync(folder);
    const path = join(folder, "config.yaml");
    writeFileSync(path, "");
    chmodSync(path, mode);
    chmodSync(folder, folderMode);
    return path;
  }

  test.each([
    [0o600, 0o700, []],
    [0o640, 0o755, []],
    [0o600, 0o1777, []],
    [0o644, 0o700, ["everybody on this machine may read"]],
    [0o660, 0o700, ["others than its owner may change"]],
    [0o606, 0o700, ["others than its owner may change"]],
    [0o600, 0o777, ["everybody on this machine may replace files"]],
    [0o604, 0o707, ["everybody on this machine may read", "everybody on this machine may replace files"]],
  ])("a file with the mode %o in a folder with %o", async (mode, folderMode, warnings) => {
    const found = await checkPermissions([fileWith(mode, folderMode)]);
    const told = found.filter(({ level }) => level === "warning").map(({ message }) => message);
    expect(told).toEqual(warnings.map((text) => expect.stringContaining(text)));
    expect(found.length).toBe(Math.max(1, warnings.length));
  });

  test("files that are not there are left out, and what to do names the file", async () => {
    const open = fileWith(0o644);
    const found = await checkPermissions([join(temporaryFolder(), "none"), open]);
    expect(found.map(({ fix }) => fix)).toEqual([`chmod 600 ${open}`]);
  });
});

test("services that share the work are told that a folder of direct mode is another one on each machine", async () => {
  const there = (count: number) => ({
    schedulers: async () =>
      Array.from({ length: count }, (_, n) => ({ name: `process ${n} on m${n}`, since: n, runId: null })),
    sharedRuns: {} as NonNullable<Parameters<typeof checkSchedulers>[0]["sharedRuns"]>,
  });
  expect(await checkSchedulers(there(1), ["/graph"])).toEqual([]);
  expect(await checkSchedulers(there(2), [])).toMatchObject([{ level: "ok" }]);
  expect(await checkSchedulers(there(2), ["/graph", "/graph"])).toMatchObject([
    { level: "ok", message: expect.stringContaining("process 1 on m1") },
    { level: "warning", message: expect.stringContaining("into /graph"), fix: expect.any(String) },
  ]);
});

test("little room on a disk is a warning, next to none a problem", async () => {
  const levels = async (bytes: number) =>
    (await checkDisk(["/a", "/a"], async () => bytes)).map(({ level }) => level);
  expect(await levels(2e9)).toEqual(["ok"]);
  expect(await levels(9e8)).toEqual(["warning"]);
  expect(await levels(1e7)).toEqual(["problem"]);
});

test("the room for a folder that is yet to be made is that of the folder above it", async () => {
  const missing = join(temporaryFolder(), "a", "b");
  expect(await checkDisk([missing])).toEqual([
    expect.objectContaining({ message: expect.stringContaining(missing) }),
  ]);
  expect((await checkDisk([missing]))[0]?.code).toBeNull();
});

describe("clocks", () => {
  const now = Date.parse("2025-01-01T12:00:00Z");

  async function skewBy(ms: number | null, headers: Record<string, string> = {}) {
    const date = ms === null ? {} : { date: new Date(now + ms).toUTCString() };
    const { url } = await startHttpServer((_, response) => {
      response.sendDate = false;
      response.writeHead(404, { ...date, ...headers }).end();
    });
    return checkClock(`${url}/memory`, new SteppedClock(now), new AbortController().signal);
  }

  test("a server that is about as late agrees, whatever it answers otherwise", async () => {
    expect(await skewBy(0)).toEqual([expect.objectContaining({ level: "ok" })]);
    expect(await skewBy(-59_000)).toEqual([expect.objectContaining({ level: "ok" })]);
  });

  test("a machine that is ahead or behind is told so, with how much", async () => {
    expect(await skewBy(600_000)).toEqual([
      expect.objectContaining({
        level: "warning",
        message: expect.stringMatching(/is 10 min behind that of/u),
      }),
    ]);
    expect(await skewBy(-3_600_000)).toEqual([
      expect.objectContaining({ level: "warning", message: expect.stringContaining("ahead of") }),
    ]);
  });

  test("a server that tells no time, or cannot be reached, says nothing of the clock", async () => {
    expect(await skewBy(null)).toEqual([]);
    const gone = checkClock("http://127.0.0.1:9", new SteppedClock(now), new AbortController().signal);
    expect(await gone).toEqual([]);
  });
});

describe("secrets", () => {
  const [a, b] = [newSecretKey(), newSecretKey()];
  const vault = (encryptionKey: string | null) => {
    const settings = { encrypt: encryptionKey !== null, encryptionKey, keyCommand: null };
    return new SecretVault(() => settings);
  };

  async function storeWith(key: string | null) {
    const { connectors } = await makeStore("json").open();
    const settings = { id: "one", memory_api: { api_key: "k" } };
    await sealedConnectors(connectors, vault(key), secretKeys()).save({
      id: "one",
      version: 0,
      settings,
      createdAt: 1,
      changedAt: 1,
    });
    return connectors;
  }

  test("sealed with the key in use they are fine, with an older one they should be rotated", async () => {
    expect(await checkSecrets(await storeWith(a), vault(a))).toMatchObject([{ level: "ok" }]);
    const older = await checkSecrets(await storeWith(a), vault(`${b},${a}`));
    expect(older).toMatchObject([{ level: "warning", message: expect.stringContaining("older key") }]);
  });

  test("plain ones are a warning, with a key or without", async () => {
    const plain = await storeWith(null);
    expect(await checkSecrets(plain, vault(null))).toMatchObject([
      { level: "warning", fix: expect.stringContaining("ENCRYPTION_KEY") },
    ]);
    expect(await checkSecrets(plain, vault(a))).toMatchObject([
      { level: "warning", fix: expect.stringContaining("secrets rotate") },
    ]);
  });

  test("those that cannot be opened, and a key that is none, are problems", async () => {
    const sealed = await storeWith(a);
    expect(await checkSecrets(sealed, vault(b))).toMatchObject([
      { level: "problem", code: "SECRETS_KEY_MISSING" },
    ]);
    expect(await checkSecrets(sealed, vault("x"))).toMatchObject([
      { level: "problem", code: "SECRETS_KEY_INVALID" },
    ]);
  });
});

test("a state that this user may not write, or whose folder cannot be made, is a problem", async () => {
  const store = makeStore("json");
  const state = await store.open();
  expect(await checkState(state, store.path)).toMatchObject([{ level: "ok" }]);
  const file = join(temporaryFolder(), "file");
  writeFileSync(file, "");
  expect(await checkState(state, join(file, "state"))).toMatchObject([{ level: "problem" }]);
});

test("a broken audit log is a problem that names the entry", async () => {
  const store = makeStore("json");
  const state = await store.open();
  const audit = new AuditLog(state.audit, new SteppedClock(), maskSecrets);
  for (const subject of ["a", "b"]) await audit.record(serviceOrigin(), { action: "config.reload", subject });
  expect(await checkAudit(audit)).toMatchObject({
    level: "ok",
    message: expect.stringContaining("2 entries"),
  });
  await state.close();
  meddle("json", store.path, (records) => records.filter(({ content }) => content.subject !== "a"));
  const again = await store.open();
  expect(await checkAudit(new AuditLog(again.audit, new SteppedClock(), maskSecrets))).toMatchObject({
    level: "problem",
    message: expect.stringContaining("entry 1"),
  });
});
