import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { memoryApiOf, readYaml } from "../../../test/support/config.ts";
import { temporaryFolder } from "../../../test/support/temp-folder.ts";
import type { ConfigInvalidError } from "../../config/report/finding.ts";
import { declaredSettings } from "../../config/schema/settings.ts";
import { systemClock } from "../../kernel/util/clock.ts";
import { openState } from "../../state/open-state.ts";
import { ConnectorCatalog } from "./connector-catalog.ts";

const file = (memoryApi = "http://a.example:8080") => `
memory_api: { url: "${memoryApi}", api_key: file-memory-key }
lightrag:
  api: { url: "https://rag.example", api_key: file-rag-key, username: u, password: file-password }
  direct:
    llm: { provider: openai-compatible, base_url: "https://models.example/v1", model: m, api_key: file-model-key }
connectors: [{ id: one, context_id: CTX }]
`;

async function openCatalog(yaml = file()) {
  const state = await openState({ backend: "json", path: join(temporaryFolder(), "state.json") });
  onTestFinished(() => state.close());
  const current = { ...readYaml(yaml) };
  return { current, state, catalog: await ConnectorCatalog.open({ current, state, clock: systemClock }) };
}

async function refusal(call: Promise<unknown>) {
  const error = (await call.then(
    () => null,
    (thrown) => thrown,
  )) as ConfigInvalidError | null;
  return error?.problems.map(({ path, reason }) => `${path}: ${reason}`) ?? [];
}

const made = (settings: object) => ({ id: "made", context_id: "C", ...settings });

/** Scheme, host or port differ: another server. */
const elsewhere = [
  "http://evil.example",
  "http://a.example",
  "https://a.example:8080",
  "http://a.example:8081",
  "http://a.example.evil.example:8080",
  "http://a.example:8080@evil.example",
  "http://[::1]:8080",
];
const same = ["http://a.example:8080", "http://a.example:8080/other/path", "http://A.EXAMPLE:8080/?x=1"];

test.each(elsewhere)("the file's key to the Memory API is not for %s", async (url) => {
  const { catalog } = await openCatalog();
  const call = catalog.create(made({ memory_api: { url } }));
  expect(await refusal(call)).toEqual([
    expect.stringContaining("memory_api.api_key: of the configuration file is for"),
  ]);
  const own = await catalog.create(made({ memory_api: { url, api_key: "own" } }));
  expect(memoryApiOf(own.config).apiKey).toBe("own");
  const none = await catalog.create({ ...made({ memory_api: { url, api_key: null } }), id: "none" });
  expect(memoryApiOf(none.config).apiKey).toBeNull();
});

test.each(same)("%s is the server that the file's key is for", async (url) => {
  const { catalog } = await openCatalog();
  expect(memoryApiOf((await catalog.create(made({ memory_api: { url } }))).config).apiKey).toBe(
    "file-memory-key",
  );
});

test("neither key nor login of LightRAG, nor the keys of its models, go to another server", async () => {
  const { catalog } = await openCatalog();
  const url = "https://evil.example";
  expect(await refusal(catalog.create(made({ lightrag: { api: { url } } })))).toHaveLength(3);
  const { config } = await catalog.create(made({ lightrag: { api: { url, api_key: "own" } } }));
  expect(config.lightrag).toMatchObject({ api: { apiKey: "own", login: null } });
  const llm = { provider: "openai-compatible", base_url: `${url}/v1`, model: "m" };
  const direct = { ...made({ lightrag: { mode: "direct", direct: { llm } } }), id: "direct" };
  expect(await refusal(catalog.create(direct))).toEqual([
    expect.stringContaining("lightrag.direct.llm.api_key"),
  ]);
  const none = { ...direct, lightrag: { mode: "direct", direct: { llm: { ...llm, api_key: null } } } };
  expect(JSON.stringify((await catalog.create(none)).config.lightrag)).not.toContain("file-");
});

test("a key without an address is for the servers that the file's own connectors use it with", async () => {
  const { catalog } = await openCatalog(`
memory_api: { api_key: shared }
connectors: [{ id: one, context_id: C, memory_api: { url: "http://a.example" } }]
`);
  expect(await refusal(catalog.create(made({ memory_api: { url: "http://evil.example" } })))).toHaveLength(1);
  const { config } = await catalog.create(made({ memory_api: { url: "http://a.example/x" } }));
  expect(memoryApiOf(config).apiKey).toBe("shared");
});

test("a kept secret does not follow a changed address; one that is given anew does", async () => {
  const { catalog } = await openCatalog();
  await catalog.create(made({ memory_api: { url: "http://b.example", api_key: "own" } }));
  const masked = (url?: string) => made({ memory_api: { ...(url && { url }), api_key: "***" } });
  for (const url of ["http://evil.example", "https://b.example", undefined]) {
    expect(await refusal(catalog.replace("made", masked(url), null))).toEqual([
      expect.stringContaining("memory_api.api_key: was given for http://b.example, and would be sent to"),
    ]);
  }
  const moved = await catalog.replace("made", masked("http://b.example/v2"), null);
  expect(memoryApiOf(moved.config).apiKey).toBe("own");
  const anew = made({ memory_api: { url: "http://c.example", api_key: "new" } });
  expect(memoryApiOf((await catalog.replace("made", anew, null)).config).apiKey).toBe("new");
  expect(memoryApiOf((await catalog.replace("made", masked("http://c.example"), null)).config).apiKey).toBe(
    "new",
  );
});

test("a secret does not follow the file's address to another server at a reload", async () => {
  const { catalog, current } = await openCatalog();
  await catalog.create(made({ memory_api: { api_key: "own" } }));
  await catalog.create({ ...made({ memory_api: { url: "http://a.example:8080" } }), id: "inherits" });
  Object.assign(current, readYaml(file("http://b.example")));
  await catalog.refresh();
  expect([catalog.find("made"), catalog.find("inherits")]).toEqual([undefined, undefined]);
  expect(catalog.problems).toEqual([
    expect.stringContaining("inherits"),
    expect.stringContaining("was given for"),
  ]);
  Object.assign(current, readYaml(file()));
  await catalog.refresh();
  expect(memoryApiOf(catalog.get("made").config).apiKey).toBe("own");
});

test("a mask never becomes a value", async () => {
  const { catalog } = await openCatalog();
  const login = "http://u:p@b.example/x";
  for (const memory_api of [{ api_key: "***" }, { url: "http://***@b.example", api_key: "k" }]) {
    expect(await refusal(catalog.create(made({ memory_api })))).toEqual([
      expect.stringMatching(/is a mask/u),
    ]);
  }
  await catalog.create(made({ memory_api: { url: login, api_key: "k" } }));
  const back = made({ memory_api: { url: "http://***@b.example/x", api_key: "***" } });
  expect((await catalog.replace("made", back, null)).config.source).toMatchObject({
    url: login,
    apiKey: "k",
  });
  const changed = made({ memory_api: { url: "http://***@evil.example/x", api_key: "k2" } });
  expect(await refusal(catalog.replace("made", changed, null))).toEqual([
    expect.stringMatching(/is a mask/u),
  ]);
  expect(
    await refusal(catalog.replace("made", made({ lightrag: { api: { password: "***" } } }), null)),
  ).not.toEqual([]);
  expect(() => readYaml(file().replace("file-memory-key", '"***"'))).toThrow("has 1 problem");
});

test("every secret beside an address says that it belongs to it", () => {
  const settings = declaredSettings().filter(({ pattern }) => pattern[0] === "connectors");
  const blockOf = (pattern: readonly string[]) => pattern.slice(0, -1).join(".");
  const addresses = settings.filter(
    ({ schema, pattern }) => /(^|_)url$/u.test(pattern.at(-1) ?? "") && schema,
  );
  const secrets = settings.filter(({ facts }) => facts.secret);
  expect(secrets.length).toBeGreaterThan(4);
  for (const { pattern, facts, ofType } of secrets) {
    const beside = addresses.filter(
      (each) => blockOf(each.pattern) === blockOf(pattern) && each.ofType === ofType,
    );
    expect([pattern, facts.belongsTo]).toEqual([pattern, beside[0]?.pattern.at(-1)]);
  }
});

function keysIn(yaml: string) {
  const { config, warnings } = readYaml(yaml);
  const connector = config.connectors[0]!;
  return {
    memoryKey: memoryApiOf(connector).apiKey,
    lightrag: connector.lightrag,
    warned: warnings.map(({ path }) => path),
  };
}

const withOwn = (settings: string) => file().replace("context_id: CTX", `context_id: CTX, ${settings}`);

test.each(elsewhere)("within the file, too, a connector at %s gets no key of another server", (url) => {
  const own = (rest: string) => withOwn(`memory_api: { url: "${url}"${rest} }`);
  const place = "connectors[0].memory_api.api_key";
  expect(keysIn(own(""))).toMatchObject({ memoryKey: null, warned: [place] });
  expect(keysIn(own(", api_key: own"))).toMatchObject({ memoryKey: "own", warned: [] });
  expect(keysIn(own(', api_key: ""'))).toMatchObject({ memoryKey: null, warned: [] });
});

test.each(same)("within the file a connector at %s gets the key of that server", (url) => {
  const yaml = withOwn(`memory_api: { url: "${url}" }`);
  expect(keysIn(yaml)).toMatchObject({ memoryKey: "file-memory-key", warned: [] });
});

test("within the file neither LightRAG's key and login nor the keys of models go to another server", () => {
  const url = "https://evil.example";
  const api = keysIn(withOwn(`lightrag: { api: { url: "${url}" } }`));
  expect(api.lightrag).toMatchObject({ api: { apiKey: null, login: null } });
  expect(api.warned).toHaveLength(3);
  const llm = `{ mode: direct, direct: { llm: { base_url: "${url}/v1" } } }`;
  const direct = keysIn(withOwn(`lightrag: ${llm}`));
  expect(JSON.stringify(direct.lightrag)).not.toContain("file-");
  expect(direct.warned).toEqual(["connectors[0].lightrag.direct.llm.api_key"]);
});

test("a key beside no address is its connectors', and warned of when they lead to two servers", () => {
  const yaml = (second: string) => `
memory_api: { url: "http://m.example" }
lightrag: { api: { api_key: shared } }
connectors:
  - { id: one, context_id: C, lightrag: { api: { url: "http://a.example" } } }
  - { id: two, context_id: D, lightrag: { api: { url: "${second}" } } }
`;
  const shared = keysIn(yaml("http://a.example/x"));
  expect(shared).toMatchObject({ lightrag: { api: { apiKey: "shared" } }, warned: [] });
  expect(keysIn(yaml("http://b.example")).warned).toEqual(["lightrag.api.api_key"]);
});

test("the key of a source of its own is kept beside its address, and does not follow it to another server", async () => {
  const { catalog } = await openCatalog();
  const source = (url: string, api_key: string) => made({ source: { type: "memory_api", url, api_key } });
  const first = await catalog.create(source("http://b.example", "own"));
  expect(memoryApiOf(first.config).apiKey).toBe("own");
  expect(await refusal(catalog.replace("made", source("http://evil.example", "***"), null))).toEqual([
    expect.stringContaining(
      "source.api_key: was given for http://b.example, and would be sent to http://evil",
    ),
  ]);
  const kept = await catalog.replace("made", source("http://b.example/v2", "***"), null);
  expect(memoryApiOf(kept.config)).toMatchObject({ apiKey: "own", url: "http://b.example/v2" });
});
