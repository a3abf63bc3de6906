import { execFile } from "node:child_process";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, onTestFinished, test } from "vitest";
import { parse } from "yaml";
import { callApi } from "../support/api-client.ts";
import { ended, startCli } from "../support/cli.ts";
import { readYaml } from "../support/config.ts";
import { freePort } from "../support/front-server.ts";
import { makeApiMemories } from "../support/memory-api-data.ts";
import { MemoryApiSimulator } from "../support/memory-api-simulator.ts";
import { startModelServer } from "../support/model-server.ts";
import { npmProgram } from "../support/npm-program.ts";
import { lightragMissing, pinnedVersions, startPythonLightRag } from "../support/python-lightrag.ts";
import { sendRaw, statusIn } from "../support/raw-http.ts";
import { eventually } from "../support/service.ts";
import { temporaryFolder } from "../support/temp-folder.ts";
import { composeFolder, composeVariables, envFile, readCompose } from "./support/compose.ts";

const read = (name: string) => readFileSync(join(composeFolder, name), "utf8");
const example = envFile(read(".env.example"));
/** What the reader of `.env.example` has to fill in. */
const own = { CONNECTOR_API_KEY: "a-key-for-the-connectors-api", LIGHTRAG_API_KEY: "a-key-for-lightrag" };
const compose = readCompose({ ...example, ...own });

test("dclint finds nothing in the Compose file", async ({ skip }) => {
  const dclint = await npmProgram("dclint", "3.1.0");
  if (dclint === null) return skip("the registry does not give dclint");
  await promisify(execFile)(dclint, ["--max-warnings", "0", composeFolder]);
});

test(".env.example names each variable of the Compose file, and no other; what has no default must get a value", () => {
  expect(Object.keys(example).toSorted()).toEqual([...composeVariables].toSorted());
  for (const name of Object.keys(own))
    expect(() => readCompose({ ...example, ...own, [name]: "" })).toThrow(name);
  expect(readCompose({ ...example, ...own, LIGHTRAG_TAG: "" }).services.lightrag?.image).toMatch(
    /:v1\.5\.7$/u,
  );
  expect(compose.services.lightrag?.image).toBe(`ghcr.io/hkuds/lightrag:v${pinnedVersions["1.5"]}`);
});

test("the configuration is read with no more than .env.example and the own keys; an empty key is told, and counts as none", () => {
  const { config, warnings } = readYaml(read("config.yaml"), {
    environment: compose.services.connector?.environment ?? {},
  });
  expect(config.connectors).toMatchObject([{ contextIds: ["CTX123"] }]);
  expect(warnings.map(({ origin }) => origin)).toEqual(["MEMORY_API_KEY"]);
});

test("what is mounted is there, and what is waited for is a service", () => {
  for (const { volumes, depends_on = [] } of Object.values(compose.services)) {
    const files = volumes
      .filter(({ type }) => type === "bind")
      .map(({ source }) => join(composeFolder, source));
    expect(files.filter((file) => !existsSync(file))).toEqual([]);
    const named = volumes.filter(({ type }) => type === "volume").map(({ source }) => source);
    expect(Object.keys(compose.volumes)).toEqual(expect.arrayContaining(named));
    expect(Object.keys(compose.services)).toEqual(expect.arrayContaining(depends_on));
  }
});

test("the monitoring is provisioned with our rules and our dashboard, under the names that they ask for", () => {
  const { grafana, prometheus } = compose.services;
  expect([grafana?.profiles, prometheus?.profiles]).toEqual([["monitoring"], ["monitoring"]]);
  const scraping = parse(read("prometheus.yml"));
  expect(scraping.scrape_configs).toMatchObject([
    { job_name: "memory-connector", static_configs: [{ targets: ["connector:9623"] }] },
  ]);
  const inside = (service: typeof grafana, source: string) =>
    service?.volumes.find((each) => each.source === source)?.target;
  expect(inside(prometheus, "../prometheus-alerts.yaml")).toBe(`/etc/prometheus/${scraping.rule_files[0]}`);
  const [{ options }] = parse(read("grafana/dashboards.yaml")).providers;
  expect(inside(grafana, "../grafana-dashboard.json")).toBe(`${options.path}/memory-connector.json`);
  expect(parse(read("grafana/datasources.yaml")).datasources).toMatchObject([
    { type: "prometheus", url: "http://prometheus:9090", isDefault: true },
  ]);
});

test("its commands with its environment carry memories into a real LightRAG", async ({ skip }) => {
  if (lightragMissing !== null) return skip(lightragMissing);
  const memoryApi = await MemoryApiSimulator.start();
  onTestFinished(() => memoryApi.close());
  memoryApi.put("CTX123", ...makeApiMemories(3, Date.now()));
  const model = await startModelServer();
  onTestFinished(() => model.stop());
  const { services } = readCompose({
    ...example,
    ...own,
    MEMORY_API_URL: memoryApi.url,
    MEMORY_API_KEY: memoryApi.key,
    LLM_BINDING_HOST: model.url,
    LLM_BINDING_API_KEY: "scripted",
    EMBEDDING_BINDING_HOST: model.url,
    EMBEDDING_BINDING_API_KEY: "scripted",
    EMBEDDING_DIM: "32",
  });

  // Where it listens and writes is the harness's matter, all else is the Compose file's.
  const { HOST: _, PORT, WORKING_DIR: __, ...env } = services.lightrag?.environment ?? {};
  const lightrag = await startPythonLightRag({ generation: "1.5", modelUrl: model.url, env });
  onTestFinished(() => lightrag.stop());

  const metricsPort = await freePort();
  const folder = temporaryFolder();
  const configuration = read("config.yaml")
    .replace(`http://lightrag:${PORT}`, lightrag.url)
    .replace("{ enabled: true }", `{ enabled: true, port: ${metricsPort} }`);
  writeFileSync(join(folder, "config.yaml"), configuration);
  const port = await freePort();
  const args = imageCommand().map((word) => word.replace("9622", String(port)));
  const connector = startCli(args, folder, services.connector?.environment);
  onTestFinished(() => void connector.kill("SIGKILL"));
  const answer = ended(connector);

  const api = `http://127.0.0.1:${port}`;
  const key = own.CONNECTOR_API_KEY;
  await eventually(async () => {
    if (connector.exitCode !== null) throw new Error((await answer).err);
    const status = await callApi(api, "GET", "/connectors/personal-memories/status", { key }).catch(
      () => null,
    );
    return status?.body.memories?.processed === 3;
  });
  const scraped = (host: string) =>
    sendRaw(`http://127.0.0.1:${metricsPort}`, ["GET /metrics HTTP/1.1", `host: ${host}`]);
  expect(await scraped("connector:9623")).toContain(
    'memory_connector_memories_processed_total{connector_id="personal-memories"} 3',
  );
  expect(statusIn(await scraped("elsewhere:9623"))).toBe(421);
  connector.kill("SIGTERM");
  expect((await answer).code).toBe(0);
}, 600_000);

/** What the image does when it is given no arguments. */
function imageCommand(): string[] {
  const dockerfile = readFileSync(join(composeFolder, "../../Dockerfile"), "utf8");
  return JSON.parse(/^CMD (\[.*\])$/mu.exec(dockerfile)?.[1] ?? "[]");
}
