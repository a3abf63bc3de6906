import { execFile } from "node:child_process";
import { once } from "node:events";
import { globSync, readFileSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { promisify } from "node:util";
import { describe, expect, onTestFinished, test } from "vitest";
import { declaredSettings } from "../../src/config/schema/settings.ts";
import { readYaml } from "../support/config.ts";
import { wordsOf } from "../support/parse-command-line.ts";
import { pythonProgram } from "../support/python-environment.ts";
import { type DocPage, docPages, typedLines } from "../support/shell-blocks.ts";
import { temporaryFolder } from "../support/temp-folder.ts";
import {
  asInCluster,
  chart,
  findHelm,
  type KubernetesObject,
  objectsIn,
  withValues,
} from "./support/helm.ts";

/** The oldest that is still looked after, and the two since. */
const kubernetesVersions = ["1.35", "1.36", "1.37"];
const valueSets = globSync("ci/*-values.yaml", { cwd: chart }).toSorted();
const manifests = join(chart, "../../kubernetes");
const read = (name: string) => readFileSync(join(chart, name), "utf8");

const helm = await findHelm();
const validator = await pythonProgram("kubernetes-validate", "kubernetes-validate==1.37.0");

const template = (...args: string[]) => helm!("template", "mc", ...asInCluster, ...args);

test("there are four sets of values", () => {
  expect(valueSets).toHaveLength(4);
});

test("each value is explained, and each has its place in the schema", () => {
  const { properties } = JSON.parse(read("values.schema.json"));
  const explained = read("values.yaml").match(/^\w+(?=:)/gmu) ?? [];
  expect(
    Object.keys(properties)
      .filter((name) => name !== "global")
      .toSorted(),
  ).toEqual(explained.toSorted());
});

test("every secret among the settings is known as one by its name, and by the name of its variable", () => {
  const [, pattern = ""] =
    /\$byName := regexMatch "\(\?i\)([^"]+)" /u.exec(read("templates/_helpers.tpl")) ?? [];
  const secrets = declaredSettings().filter(({ facts }) => facts.secret === true);
  expect(secrets.length).toBeGreaterThan(5);
  for (const { pattern: keys, facts } of secrets)
    for (const name of [keys.at(-1), facts.env ?? keys.at(-1)])
      expect(name).toMatch(new RegExp(pattern, "iu"));
});

describe.skipIf(helm === null)("the chart (needs helm, which Go compiles)", () => {
  describe.each(valueSets)("%s", (set) => {
    test("passes helm's own eyes", async () => {
      const answer = await helm!(
        "lint",
        "--strict",
        chart,
        "--values",
        join(chart, set),
        "--kube-version",
        "1.37.0",
      );
      expect(answer, answer.out).toMatchObject({ code: 0 });
    });

    test.skipIf(validator === null).for(kubernetesVersions)(
      "is what Kubernetes %s takes, member for member (needs kubernetes-validate)",
      async (version) => {
        const file = join(temporaryFolder(), "manifests.yaml");
        const { out } = await template("--values", join(chart, set), "--kube-version", `${version}.0`);
        // The operator's own kinds are not Kubernetes'.
        writeFileSync(
          file,
          objectsIn(out)
            .filter(({ apiVersion }) => !apiVersion.includes("coreos.com"))
            .map((each) => JSON.stringify(each))
            .join("\n---\n"),
        );
        await promisify(execFile)(validator!, ["-k", version, "--strict", file]);
      },
    );

    test("holds a configuration that memory-connector reads", async () => {
      const { configuration } = await rendered(set);
      const names = [...configuration.matchAll(/\$\{(\w+)\}/gu)].map(([, name = ""]) => name);
      const environment = Object.fromEntries(
        names.map((name) => [name, "https://example.org/of-the-secret"]),
      );
      const { api } = readYaml(configuration, { environment }).config;
      expect(api).toMatchObject({ host: "0.0.0.0", port: 9622 });
      expect(api.allowedHosts).toEqual(expect.arrayContaining(["mc-memory-connector.memories.svc"]));
    });

    test("runs as Kubernetes' policy `restricted` asks, and is probed where the service answers", async () => {
      const { pods } = await rendered(set);
      for (const pod of pods) {
        expect(pod.securityContext).toMatchObject({
          runAsNonRoot: true,
          seccompProfile: { type: "RuntimeDefault" },
        });
        expect(pod.automountServiceAccountToken).toBe(false);
        for (const { securityContext } of pod.containers)
          expect(securityContext).toMatchObject({
            allowPrivilegeEscalation: false,
            readOnlyRootFilesystem: true,
            capabilities: { drop: ["ALL"] },
          });
      }
      const [container] = pods[0].containers;
      const probes = [container.startupProbe, container.livenessProbe, container.readinessProbe];
      expect(probes.map(({ httpGet }) => `${httpGet.port} ${httpGet.path}`)).toEqual([
        "api /health/live",
        "api /health/live",
        "api /health/ready",
      ]);
      expect(pods[0].terminationGracePeriodSeconds).toBeGreaterThan(30);
    });
  });

  describe("values that cannot work are refused with a sentence", () => {
    test.for<[object, string]>([
      [{ replicas: 2 }, "replicas: 2 cannot work: the state is one SQLite file"],
      [{ "config.api.enabled": false }, "config.api.enabled: false cannot work: the probes ask the API"],
      [
        { "metrics.serviceMonitor.enabled": true },
        "metrics.serviceMonitor.enabled needs metrics.enabled: true",
      ],
      [{ "ingress.enabled": true }, "ingress.enabled needs ingress.host"],
      [
        { "config.memory_api.api_key": "k" },
        "config.memory_api.api_key is a secret, and a ConfigMap would show it",
      ],
    ])("%j", async ([values, sentence]) => {
      const answer = await template(...withValues(values));
      expect(answer).toMatchObject({ code: 1, err: expect.stringContaining(sentence) });
    });

    test.for<[object, string]>([
      [{ replica: 1 }, "additional properties 'replica' not allowed"],
      [{ "config.memory_api.urll": "http://a" }, "additional properties 'urll' not allowed"],
      [{ "config.connectors": [{ id: "a", contxt_id: "C" }] }, "'contxt_id' not allowed"],
      [{ "persistence.size": "1 GB" }, "does not match pattern"],
      [{ "image.tag": "a b" }, "does not match pattern"],
    ])("a slip of the hand: %j", async ([values, sentence]) => {
      const answer = await template(...withValues(values));
      expect(answer).toMatchObject({ code: 1, err: expect.stringContaining(sentence) });
    });
  });

  test("without any value it has a configuration that can be served, for connectors that come through the API", async () => {
    const { configuration } = await rendered("values.yaml");
    expect(readYaml(configuration).config.connectors).toEqual([]);
  });

  test("a block of the configuration with nothing in it counts as not written, as in a file", async () => {
    const config = { api: null, monitoring: { prometheus: null }, memory_api: null };
    const { code, out, err } = await template(
      ...withValues({ config, metrics: { enabled: true, serviceMonitor: { enabled: true } } }),
    );
    expect({ code, err }).toEqual({ code: 0, err: "" });
    const monitor = objectsIn(out).find(({ kind }) => kind === "ServiceMonitor");
    expect(monitor?.spec.endpoints).toMatchObject([{ path: "/metrics" }]);
  });

  test("another configuration is another pod; another Secret's name too", async () => {
    const podOf = async (...args: string[]) => {
      const { out } = await template(...args);
      const { template: pod } = objectsIn(out).find(({ kind }) => kind === "StatefulSet")?.spec ?? {};
      return JSON.stringify(pod);
    };
    const first = await podOf();
    expect(await podOf()).toBe(first);
    expect(await podOf(...withValues({ "config.logging.level": "DEBUG" }))).not.toBe(first);
    expect(await podOf(...withValues({ existingSecret: "keys" }))).not.toBe(first);
  });

  test("`helm test` tells a service that is ready from one that is not", async () => {
    const { pods } = await rendered("values.yaml");
    const [script = ""]: string[] = pods[1].containers[0].args;
    const { url, server } = await listen();
    const outcome = (status: number) => {
      server.removeAllListeners("request");
      server.on(
        "request",
        ({ url: path }, response) => void response.writeHead(path === "/health/ready" ? status : 404).end(),
      );
      const here = script.replace("http://mc-memory-connector:9622", url);
      return promisify(execFile)(process.execPath, ["-e", here]).then(
        () => "ready",
        () => "not ready",
      );
    };
    expect(await outcome(200)).toBe("ready");
    expect(await outcome(503)).toBe("not ready");
  });

  test("the page of the deployment shows commands and values that helm takes", async () => {
    const [page] = docPages.filter(({ path }) => path === "docs/guides/kubernetes.md");
    const [, values = ""] = /```yaml\n# values\.yaml\n(.*?)```/su.exec(page?.text ?? "") ?? [];
    const file = join(temporaryFolder(), "values.yaml");
    writeFileSync(file, values);
    const lines = typedLines(page as DocPage).filter((line) => /^helm (?:install|upgrade) /u.test(line));
    expect(lines).toHaveLength(2);
    for (const line of lines) {
      // What it would send to a cluster, without one.
      const [, , ...args] = wordsOf(
        line.replace("values.yaml", file).replace("deploy/helm/memory-connector", chart),
      );
      expect(await helm!("template", ...args, "--kube-version", "1.37.0")).toMatchObject({ code: 0 });
    }
  });

  test("the plain manifests are what the chart renders", async () => {
    const values = join(manifests, "values.yaml");
    const args = ["template", "memory-connector", chart, "--namespace", "memory-connector", "--skip-tests"];
    const { out } = await helm!(...args, "--values", values, "--kube-version", "1.37.0");
    const text = plain(out);
    const path = join(manifests, "memory-connector.yaml");
    if (process.env.UPDATE_MANIFESTS !== undefined) writeFileSync(path, text);
    const remedy = "run `UPDATE_MANIFESTS=1 npm run test:deploy`";
    expect(readFileSync(path, "utf8"), remedy).toBe(text);
  });
});

/** What is made of a set of values; the pods of the service first, then those of `helm test`. */
async function rendered(set: string) {
  const { out } = await template("--values", join(chart, set));
  const objects = objectsIn(out);
  const one = (kind: string) => objects.find((each) => each.kind === kind) as KubernetesObject;
  return {
    configuration: one("ConfigMap").data["config.yaml"] as string,
    pods: [one("StatefulSet").spec.template.spec, one("Pod").spec],
  };
}

/** Without what is only true of a release of Helm. */
function plain(rendering: string): string {
  const head =
    "# Made of deploy/helm/memory-connector with values.yaml beside this file. Change those, and render it anew:\n# UPDATE_MANIFESTS=1 npm run test:deploy\n";
  const lines = rendering
    .split("\n")
    .filter((line) => !/^# Source: |managed-by: Helm|helm\.sh\/chart:/u.test(line));
  return head + lines.join("\n");
}

/** A server that nobody answers at yet; ends with the test. */
async function listen(): Promise<{ url: string; server: Server }> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => void server.close());
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, server };
}
