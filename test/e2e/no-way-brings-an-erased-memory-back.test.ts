import { copyFileSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { runCli } from "../support/cli.ts";
import { LightRagSimulator } from "../support/lightrag-simulator.ts";
import { makeApiMemories } from "../support/memory-api-data.ts";
import { MemoryApiSimulator } from "../support/memory-api-simulator.ts";
import { startWorld, type WorldOptions } from "../support/sync-world.ts";
import { temporaryFolder } from "../support/temp-folder.ts";

/** Of three memories `m1` was erased. `older` is an archive from before, `newer` one from after. */
async function startErased(options: Partial<WorldOptions> = {}) {
  const world = await startWorld({ memories: 3, ...options });
  let folder = world.folder;
  const cli = (...args: string[]) => runCli(args, { cwd: folder });
  const done = async (...args: string[]) => {
    const answer = await cli(...args);
    expect(answer, `${args.join(" ")}: ${answer.out}${answer.err}`).toMatchObject({ code: 0 });
    return answer.out;
  };
  await done("sync");
  await done("export", "older.tar.gz");
  await done("erase", "--memory", "m1", "--yes");
  await done("sync");
  await done("export", "newer.tar.gz");
  return {
    ...world,
    cli,
    done,
    /** The same program in an empty folder of another machine. */
    moveElsewhere(backend: "json" | "sqlite") {
      const elsewhere = temporaryFolder();
      const config = JSON.parse(readFileSync(join(folder, "config.yaml"), "utf8"));
      config.state = { backend, path: `./moved.${backend}` };
      writeFileSync(join(elsewhere, "config.yaml"), JSON.stringify(config));
      for (const name of ["older.tar.gz", "newer.tar.gz"])
        copyFileSync(join(folder, name), join(elsewhere, name));
      folder = elsewhere;
    },
    state: (backend: string) => join(folder, `state.${backend}`),
    async expectAway() {
      const told = [...world.sink.texts().values()].join("\n");
      expect(told).not.toMatch(/memory number 1\./u);
      expect(told).toMatch(/memory number 0\./u);
      expect(told).toMatch(/memory number 2\./u);
      const { connectors } = JSON.parse(await done("status", "--json"));
      expect(connectors[0].scope).toMatchObject({ erased: 1 });
      expect(await done("status")).toContain("1 memory that was erased stays away");
    },
  };
}

type Erased = Awaited<ReturnType<typeof startErased>>;

const ways: [string, (world: Erased, backend: "json" | "sqlite") => Promise<unknown>][] = [
  ["a backfill", ({ done }) => done("backfill", "--since", "2000-01-01")],
  ["reconcile --repair", ({ done }) => done("reconcile", "--repair")],
  ["a forced sync", ({ done }) => done("sync", "--force")],
  ["a reset", ({ done }) => done("reset", "c", "--yes")],
  [
    "a reset, then reconcile --repair",
    async ({ done }) => {
      await done("reset", "c", "--yes");
      await done("reconcile", "--repair");
    },
  ],
  ["an archive from before", ({ done }) => done("restore", "older.tar.gz", "--replace")],
  [
    "a restore into an empty folder",
    async (world, backend) => {
      world.moveElsewhere(backend);
      await world.done("restore", "newer.tar.gz");
    },
  ],
  [
    "a restore into an empty folder of the other backend",
    async (world, backend) => {
      world.moveElsewhere(backend === "json" ? "sqlite" : "json");
      await world.done("restore", "newer.tar.gz");
    },
  ],
  ["the loss of the state's file", async ({ state }, backend) => rmSync(state(backend))],
  [
    "another name of its connector",
    async ({ configure }, backend) => configure({ backend, connector: { id: "renamed" } }),
  ],
  [
    "another name of its connector, after a reset",
    async ({ done, configure }, backend) => {
      await done("reset", "c", "--yes");
      configure({ backend, connector: { id: "renamed" } });
    },
  ],
  [
    "another name of its connector, and the loss of the state's file",
    async ({ done, configure, state }, backend) => {
      configure({ backend, connector: { id: "renamed" } });
      await done("sync");
      await done("reset", "renamed", "--yes");
      rmSync(state(backend));
    },
  ],
  [
    "a connector that reads the same context in another spelling of the address",
    async ({ configure, source }, backend) => {
      const url = `${source.url.replace("http", "HTTP")}/`;
      configure({ backend, connector: { id: "other" }, memoryApi: { url } });
    },
  ],
  [
    "a move to the other backend",
    async (world, backend) => {
      const other = backend === "json" ? "sqlite" : "json";
      await world.done("state", "migrate", "--to", other, "--path", `./state.${other}`);
      world.configure({ backend: other });
    },
  ],
];

const cases = ways.flatMap(([way, go]) =>
  (["sqlite", "json"] as const).map((backend) => ({ way, go, backend })),
);

test.each(cases)("an erased memory does not come back by $way ($backend)", async ({ go, backend }) => {
  const world = await startErased({ backend });
  await go(world, backend);
  await world.done("sync");
  await world.expectAway();
  world.source.put("CTX", { ...world.memories.get("m1")!, transcript: "Said anew." });
  await world.done("sync");
  await world.expectAway();
});

test("nor by a dead letter of it that is replayed", async () => {
  const world = await startErased({ connector: { retry: { max_attempts: 1 } } });
  const told = await world.cli("dead-letters", "replay", "--ids", "m1");
  expect(told.code).not.toBe(0);
  expect(told.err).toContain("erased");
  await world.done("sync");
  await world.expectAway();
});

test("nor by the document of a group that held it, whatever forgets the ledger", async () => {
  for (const forget of [
    (world: Erased) => world.done("reset", "c", "--yes"),
    (world: Erased) => world.done("restore", "older.tar.gz", "--replace"),
    async (world: Erased) => rmSync(world.state("sqlite")),
  ]) {
    const world = await startErased({ connector: { transformation: { merge: "day", merge_quiet: "0s" } } });
    await forget(world);
    await world.done("sync");
    await world.expectAway();
  }
});

test("a sync that names an erased memory says why it stays away, and how it comes back", async () => {
  const { cli, done, sink } = await startErased();
  const { out } = await cli("sync", "--ids", "m1");
  expect(out).toContain("m1 is not delivered: it was erased");
  expect(await done("plan", "--ids", "m1")).toContain("m1 is not delivered: it was erased");
  const { runs } = JSON.parse((await cli("sync", "--ids", "m1", "--json")).out);
  expect(runs[0].notDelivered).toMatchObject([{ memoryId: "m1", reason: "erased" }]);
  const words = /`memory-connector (erase --undo[^`]+)`/.exec(out)?.[1] ?? "";
  await done(...words.split(" "), "--yes");
  await done("sync", "--ids", "m1");
  expect([...sink.texts().values()].join("\n")).toMatch(/memory number 1\./u);
});

/** Two connectors of one source, each with a LightRAG of its own; both have delivered m0 to m2. */
async function startTwo(backend: "json" | "sqlite") {
  const sinkOfOther = new LightRagSimulator({ generation: "1.5" });
  await sinkOfOther.start();
  onTestFinished(() => sinkOfOther.stop());
  const ingestion = { query_range: "all" };
  const other = {
    ...{ id: "other", context_id: "CTX", ingestion },
    lightrag: { api: { url: sinkOfOther.url, poll_interval: "200ms" } },
  };
  const world = await startWorld({
    ...{ memories: 3, backend },
    config: { connectors: [{ id: "c", context_id: "CTX", ingestion }, other] },
  });
  const cli = (...args: string[]) => runCli(args, { cwd: world.folder });
  const held = () =>
    [world.sink, sinkOfOther].map((sink) =>
      sink
        .documents()
        .map(({ file_path }) => file_path.slice(0, 2))
        .toSorted(),
    );
  return { ...world, cli, held, sinkOfOther };
}

test.each(["json", "sqlite"] as const)(
  "an erasure reaches every connector of the source, named before (%s)",
  async (backend) => {
    const { cli, held, sinkOfOther } = await startTwo(backend);
    expect(await cli("sync", "--all")).toMatchObject({ code: 0 });
    const all = ["m0", "m1", "m2"];
    const refused = await cli("erase", "--memory", "m1", "--connector-id", "c", "--yes");
    expect(refused).toMatchObject({ code: 1, err: expect.stringContaining("ERASE_REACHES_FURTHER") });
    expect(refused.err).toContain(`other (CTX, ${sinkOfOther.url})`);
    const preview = await cli("erase", "--memory", "m1", "--dry-run");
    expect(preview).toMatchObject({
      code: 0,
      out: expect.stringContaining(`LightRAG ${sinkOfOther.url} too`),
    });
    expect(held()).toEqual([all, all]);
    const done = await cli(
      "erase",
      "--memory",
      "m1",
      "--connector-id",
      "c",
      "--everywhere",
      "--yes",
      "--json",
    );
    expect(JSON.parse(done.out)).toMatchObject({
      erased: [
        { connectorId: "c", remaining: 0 },
        { connectorId: "other", remaining: 0 },
      ],
      places: [{ connectorId: "c" }, { connectorId: "other", sink: sinkOfOther.url }],
    });
    expect(await cli("sync", "--all", "--force")).toMatchObject({ code: 0 });
    expect(held()).toEqual([
      ["m0", "m2"],
      ["m0", "m2"],
    ]);
    expect(await cli("erase", "--undo", "--memory", "m1", "--connector-id", "other", "--yes")).toMatchObject({
      code: 0,
    });
    expect(await cli("sync", "--all")).toMatchObject({ code: 0 });
    expect(held()).toEqual([all, all]);
  },
);

test("a connector of the source that does not know the memory yet never takes it up, and the answer says so", async () => {
  const { cli, held } = await startTwo("sqlite");
  expect(await cli("sync", "--connector-id", "c")).toMatchObject({ code: 0 });
  const done = await cli("erase", "--memory", "m1", "--connector-id", "c", "--yes");
  expect(done).toMatchObject({ code: 0, out: expect.stringContaining("other (CTX): reads the same source") });
  expect(await cli("sync", "--all")).toMatchObject({ code: 0 });
  expect(held()).toEqual([
    ["m0", "m2"],
    ["m0", "m2"],
  ]);
});

test("what came back with an older state of another connector goes in its next run", async () => {
  const { cli, held, folder } = await startTwo("sqlite");
  expect(await cli("sync", "--all")).toMatchObject({ code: 0 });
  expect(await cli("export", "other.tar.gz", "--connector-id", "other")).toMatchObject({ code: 0 });
  expect(await cli("erase", "--memory", "m1", "--yes")).toMatchObject({ code: 0 });
  rmSync(join(folder, "state.sqlite"));
  expect(await cli("restore", "other.tar.gz", "--replace")).toMatchObject({ code: 0 });
  expect(await cli("sync", "--all")).toMatchObject({ code: 0 });
  expect(held()).toEqual([
    ["m0", "m2"],
    ["m0", "m2"],
  ]);
});

test("an erasure is written down at every place before anything is removed, and nowhere while a LightRAG does not answer", async () => {
  const { cli, held, source, sinkOfOther } = await startTwo("sqlite");
  expect(await cli("sync", "--all")).toMatchObject({ code: 0 });
  const all = ["m0", "m1", "m2"];
  sinkOfOther.fail({ route: "GET /health", kind: "reset", times: Number.POSITIVE_INFINITY });
  const refused = await cli("erase", "--memory", "m1", "--yes");
  expect(refused).toMatchObject({ code: 1, err: expect.stringContaining("SINK_UNREACHABLE") });
  const undone = await cli("erase", "--undo", "--memory", "m1", "--yes");
  expect(undone).toMatchObject({ code: 2, err: expect.stringContaining("MEMORY_UNKNOWN") });
  expect(held()).toEqual([all, all]);
  // It answers, and does not list: what is written down is finished by the next run, though the source shows the memory no more.
  sinkOfOther.faults.clear();
  sinkOfOther.fail({ route: "POST /documents/paginated", kind: "answer", times: 20 });
  expect(await cli("erase", "--memory", "m1", "--yes")).toMatchObject({ code: 1 });
  expect(held()).toEqual([["m0", "m2"], all]);
  sinkOfOther.faults.clear();
  source.remove("CTX", "m1");
  expect(await cli("sync", "--all")).toMatchObject({ code: 0 });
  expect(held()).toEqual([
    ["m0", "m2"],
    ["m0", "m2"],
  ]);
});

test("a preview writes nothing down: where an address was mistyped, a stranger's memory of one id stays", async () => {
  const { cli, configure, held, source, sinkOfOther } = await startTwo("sqlite");
  const elsewhere = await MemoryApiSimulator.start();
  onTestFinished(() => elsewhere.close());
  elsewhere.put("CTX", ...makeApiMemories(3));
  const at = ({ url, key }: MemoryApiSimulator) => ({ type: "memory_api", url, api_key: key });
  const ingestion = { query_range: "all" };
  const lightrag = { api: { url: sinkOfOther.url, poll_interval: "200ms" } };
  const read = (first: MemoryApiSimulator) =>
    configure({
      config: {
        connectors: [
          { id: "c", context_id: "CTX", ingestion, source: at(first) },
          { id: "stranger", context_id: "CTX", ingestion, source: at(elsewhere), lightrag },
        ],
      },
    });
  read(source);
  expect(await cli("sync", "--all")).toMatchObject({ code: 0 });
  expect(await cli("erase", "--memory", "m1", "--connector-id", "c", "--yes")).toMatchObject({ code: 0 });
  read(elsewhere);
  const preview = await cli("erase", "--memory", "m0", "--dry-run");
  expect(preview).toMatchObject({ code: 0, out: expect.stringContaining("(stranger)") });
  read(source);
  expect(await cli("reset", "stranger", "--yes")).toMatchObject({ code: 0 });
  expect(await cli("sync", "--all")).toMatchObject({ code: 0 });
  expect(held()).toEqual([
    ["m0", "m2"],
    ["m0", "m1", "m2"],
  ]);
});

test("memories that stand in the settings of connectors have nothing in common but their ids", async () => {
  const { cli, configure, sink } = await startTwo("sqlite");
  const own = (id: string, transcript: string) => ({
    ...{ id, context_id: id },
    source: {
      type: "in_memory",
      memories: [{ id: "first", transcript, created_at: "2026-01-01T00:00:00Z" }],
    },
  });
  configure({ config: { connectors: [own("a", "One of a."), own("b", "Another of b.")] } });
  expect(await cli("sync", "--connector-id", "a")).toMatchObject({ code: 0 });
  expect(await cli("erase", "--memory", "first", "--connector-id", "a", "--yes")).toMatchObject({ code: 0 });
  expect(await cli("sync", "--all")).toMatchObject({ code: 0 });
  expect([...sink.texts().values()]).toEqual([expect.stringContaining("Another of b.")]);
});

test("taking an erasure back has no preview, and says so before it does anything", async () => {
  const { cli, expectAway } = await startErased();
  for (const option of ["--dry-run", "--everywhere"])
    expect(await cli("erase", "--undo", "--memory", "m1", "--yes", option)).toMatchObject({ code: 2 });
  await expectAway();
});

test("an erasure reaches what a connector holds of a context that it does not read any more", async () => {
  const { cli, configure, held, sinkOfOther } = await startTwo("sqlite");
  const ingestion = { query_range: "all" };
  const lightrag = { api: { url: sinkOfOther.url, poll_interval: "200ms" } };
  const first = { id: "c", context_id: "CTX", ingestion };
  expect(await cli("sync", "--all")).toMatchObject({ code: 0 });
  configure({ config: { connectors: [first, { id: "other", context_id: "CTX2", ingestion, lightrag }] } });
  expect(await cli("erase", "--memory", "m1", "--yes")).toMatchObject({ code: 0 });
  expect(held()).toEqual([
    ["m0", "m2"],
    ["m0", "m2"],
  ]);
});
