import { expect, test } from "vitest";
import { ended, startCli } from "../support/cli.ts";
import { LoadedFiles } from "../support/loaded-files.ts";
import { startWorld } from "../support/sync-world.ts";

/** What only reads the state needs none of it: HTTP client, retries, archives, folders, databases elsewhere. */
const heavy = ["undici", "cockatiel", "tar", "p-map", "picomatch", "kdbush", "pg", "pg-boss"];

test("a command that reads the state loads no client and no adapter, a run that of its own source, and both no other command", async () => {
  const { folder } = await startWorld({ memories: 2 });
  const loaded = new LoadedFiles(folder);
  const run = async (...command: string[]) => {
    expect(await ended(startCli(command, folder, loaded.env))).toMatchObject({ code: 0 });
    const urls = loaded.take();
    return {
      packages: heavy.filter((name) => urls.some((url) => url.includes(`/node_modules/${name}/`))),
      /** Every kind of client that undici has. */
      isAllOfUndiciLoaded: urls.some((url) => url.endsWith("/undici/index.js")),
      commands: urls
        .flatMap((url) => /\/src\/cli\/commands\/([a-z-]+)\.ts$/u.exec(url)?.[1] ?? [])
        .toSorted(),
      /** Copies a state while something else is done. */
      isCopyingThreadLoaded: urls.some((url) => url.endsWith("/copy-worker.ts")),
      isPostgresLoaded: urls.some((url) => url.includes("/state/postgres/")),
      adapters: urls.flatMap(
        (url) => /\/src\/sources\/.*\/([a-z-]+-(?:source|client))\.ts$/u.exec(url)?.[1] ?? [],
      ),
    };
  };
  const ofARun = await run("sync");
  expect(ofARun.packages).toContain("undici");
  expect(ofARun.packages).not.toContain("pg");
  expect(ofARun).toMatchObject({
    isAllOfUndiciLoaded: false,
    isCopyingThreadLoaded: false,
    isPostgresLoaded: false,
    adapters: ["memory-api-client"],
    // The second serves --dry-run.
    commands: ["plan", "sync"],
  });
  const nothing = {
    packages: [],
    isAllOfUndiciLoaded: false,
    isCopyingThreadLoaded: false,
    isPostgresLoaded: false,
    adapters: [],
  };
  expect(await run("status")).toEqual({ ...nothing, commands: ["status"] });
  expect(await run("--version")).toMatchObject(nothing);
});
