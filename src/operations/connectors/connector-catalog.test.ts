import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { memoryApiOf, minimal, readYaml } from "../../../test/support/config.ts";
import { temporaryFolder } from "../../../test/support/temp-folder.ts";
import { systemClock } from "../../kernel/util/clock.ts";
import { openState } from "../../state/open-state.ts";
import { ConnectorCatalog } from "./connector-catalog.ts";

async function openCatalog(yaml = minimal, path = join(temporaryFolder(), "state.json")) {
  const state = await openState({ backend: "json", path });
  onTestFinished(() => state.close());
  const current = { ...readYaml(yaml) };
  return { current, state, catalog: await ConnectorCatalog.open({ current, state, clock: systemClock }) };
}

const made = { id: "made", context_id: "CTX2", memory_api: { api_key: "secret-key" } };
const withCode = (code: string) => expect.objectContaining({ code });

test("connectors of the file and of the state store stand in one list, and the latter take what they leave out from the file", async () => {
  const { catalog } = await openCatalog();
  await catalog.create(made);
  expect(catalog.list().map(({ config, stored }) => [config.id, stored?.version ?? null])).toEqual([
    ["one", null],
    ["made", 1],
  ]);
  expect(catalog.get("made").config.source).toMatchObject({
    url: "http://127.0.0.1:8080",
    apiKey: "secret-key",
  });
});

test("an id can be taken once", async () => {
  const { catalog } = await openCatalog();
  await expect(catalog.create({ ...made, id: "one" })).rejects.toEqual(withCode("CONNECTOR_EXISTS"));
});

test("settings that are wrong are refused with every problem, placed in the connector itself", async () => {
  const { catalog } = await openCatalog();
  const call = catalog.create({ id: "x", context_id: "C", retry: { max_attempts: 0 }, nonsense: 1 });
  const error = await call.catch((thrown) => thrown);
  expect(error).toMatchObject({ code: "CONFIG_INVALID" });
  expect(error.problems.map(({ path }: { path: string }) => path).toSorted()).toEqual([
    "nonsense",
    "retry.max_attempts",
  ]);
});

test("variables are not substituted: the environment is nobody's business", async () => {
  const { catalog } = await openCatalog();
  const entry = await catalog.create({ ...made, memory_api: { api_key: "${PATH}" } });
  expect(memoryApiOf(entry.config).apiKey).toBe("${PATH}");
});

test("a replacement keeps the secrets that come back masked and changes the rest", async () => {
  const { catalog } = await openCatalog();
  await catalog.create(made);
  const masked = { ...made, description: "new", memory_api: { api_key: "***" } };
  const entry = await catalog.replace("made", masked, 1);
  expect(entry.stored).toMatchObject({ version: 2, settings: { memory_api: { api_key: "secret-key" } } });
  expect(entry.config.description).toBe("new");
  await expect(catalog.replace("made", masked, 1)).rejects.toEqual(withCode("STATE_CONFLICT"));
});

test("a connector of the file can be neither replaced nor removed", async () => {
  const { catalog } = await openCatalog();
  await expect(catalog.replace("one", made, null)).rejects.toEqual(withCode("CONNECTOR_READ_ONLY"));
  await expect(catalog.remove("one", null)).rejects.toEqual(withCode("CONNECTOR_READ_ONLY"));
});

test("a removed connector is unknown, and a near miss names it", async () => {
  const { catalog } = await openCatalog();
  await catalog.create(made);
  expect(() => catalog.get("mad")).toThrow(expect.objectContaining({ hint: 'did you mean "made"?' }));
  await catalog.remove("made", null);
  expect(() => catalog.get("made")).toThrow(withCode("CONNECTOR_UNKNOWN"));
});

test("a stored connector that no longer fits is left out and told, and comes back when it fits again", async () => {
  const { catalog, current } = await openCatalog();
  await catalog.create(made);
  const before = { ...current };
  Object.assign(current, readYaml("connectors: []"));
  await catalog.refresh();
  expect(catalog.find("made")).toBeUndefined();
  expect(catalog.problems).toEqual([
    expect.stringContaining('connector "made" of the state store is not used'),
  ]);
  Object.assign(current, before);
  await catalog.refresh();
  expect(catalog.problems).toEqual([]);
  expect(catalog.get("made").stored?.version).toBe(1);
});

test("after a conflict the catalog knows what the other process has made of the connector, and the next try succeeds", async () => {
  const { catalog, current, state } = await openCatalog();
  const other = await ConnectorCatalog.open({ current, state, clock: systemClock });
  await catalog.create(made);
  await other.refresh();
  await other.replace("made", { ...made, description: "theirs" }, 1);
  const mine = { ...made, description: "mine" };
  await expect(catalog.replace("made", mine, null)).rejects.toEqual(withCode("STATE_CONFLICT"));
  expect(catalog.get("made")).toMatchObject({ config: { description: "theirs" }, stored: { version: 2 } });
  expect((await catalog.replace("made", mine, 2)).stored?.version).toBe(3);
});

test("settings of another connector are refused, and those that name their own or none are taken", async () => {
  const { catalog } = await openCatalog();
  await catalog.create(made);
  const error = await catalog.replace("made", { ...made, id: "other" }, null).catch((thrown) => thrown);
  expect(error).toMatchObject({ code: "CONFIG_INVALID", problems: [{ path: "id" }] });
  expect(catalog.get("made").stored?.version).toBe(1);
  const { id: _, ...unnamed } = made;
  for (const settings of [made, unnamed]) await catalog.replace("made", settings, null);
  expect(catalog.find("other")).toBeUndefined();
});

test("a connector that would name its documents like another's is refused, and is not used once the file has taken its context", async () => {
  const { catalog, current } = await openCatalog();
  const source = { type: "in_memory", memories: [] };
  const settings = (id: string, context_id: string) => ({ id, context_id, source });
  const taken = catalog.create(settings("notes", "CTX1"));
  await expect(taken).rejects.toMatchObject({ code: "CONFIG_INVALID", problems: [{ path: "context_id" }] });
  await catalog.create(settings("notes", "MINE"));
  await expect(catalog.create(settings("more", "MINE"))).rejects.toMatchObject({ code: "CONFIG_INVALID" });
  await expect(catalog.replace("notes", settings("notes", "CTX1"), null)).rejects.toMatchObject({
    code: "CONFIG_INVALID",
  });
  expect((await catalog.replace("notes", settings("notes", "MINE"), null)).stored?.version).toBe(1);
  Object.assign(current, readYaml(minimal.replace("CTX1", "MINE")));
  await catalog.refresh();
  expect(catalog.problems).toEqual([
    expect.stringMatching(
      /"notes" of the state store is not used: .*the same LightRAG as the connector one/su,
    ),
  ]);
});

test("settings that are only looked at are refused like others, and kept by nobody", async () => {
  const { catalog } = await openCatalog();
  const looked = await catalog.create(made, { dryRun: true });
  expect([looked.config.id, catalog.find("made")]).toEqual(["made", undefined]);
  await expect(catalog.create({ id: "made" }, { dryRun: true })).rejects.toEqual(withCode("CONFIG_INVALID"));
  await catalog.create(made);
  await expect(catalog.create(made, { dryRun: true })).rejects.toEqual(withCode("CONNECTOR_EXISTS"));
  await catalog.replace("made", { ...made, description: "other" }, null, { dryRun: true });
  expect(catalog.get("made")).toMatchObject({ config: { description: "" }, stored: { version: 1 } });
});
