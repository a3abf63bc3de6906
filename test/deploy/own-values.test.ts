import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { temporaryFolder } from "../support/temp-folder.ts";
import { asInCluster, chart, findHelm, objectsIn, withValues } from "./support/helm.ts";

const helm = await findHelm();
const template = (values: object) => helm!("template", "mc", ...asInCluster, ...withValues(values));
const memoryApi = { url: "http://memory-api:8080", api_key: "${MEMORY_API_KEY}" };

describe.skipIf(helm === null)("values of one's own (needs helm, which Go compiles)", () => {
  test.for<object>([
    { existingSecret: "keys", existingSecretFiles: "files", config: { memory_api: memoryApi } },
    { "ingress.enabled": true, "ingress.host": "memories.example.org", "ingress.tlsSecret": "tls" },
    { extraEnv: [{ name: "HTTPS_PROXY", value: "http://proxy:3128" }] },
    { extraEnv: [{ name: "LIGHTRAG_API_KEY", valueFrom: { secretKeyRef: { name: "keys", key: "rag" } } }] },
    { nodeSelector: { disk: "ssd" }, tolerations: [{ operator: "Exists" }] },
    {
      "resources.limits": { cpu: 2, memory: "1.5Gi", "example.org/gpu": 1 },
      "resources.requests": { cpu: 0.5 },
    },
    { resources: null, podSecurityContext: null, nodeSelector: null, "ingress.className": null },
    { "metrics.enabled": true, "config.monitoring.prometheus": { enabled: true, path: "/m" } },
    { "persistence.existingClaim": "mine", replicas: 0 },
    { "image.repository": "registry.example.org:5000/tools/connector", "image.tag": "1.0" },
    { "config.memory_api.api_key": "${MEMORY_API_KEY:-${OTHER_KEY:-}}" },
    { "config.memory_api.url": "http://me:${PASSWORD}@memory-api:8080" },
    { "config.api.host": "::" },
  ])("are taken: %j", async (values) => {
    expect(await template(values)).toMatchObject({ code: 0, err: "" });
  });

  test.for<[object, string]>([
    [{ "config.memory_api.api_key": "${KEY:-a-real-key}" }, "config.memory_api.api_key is a secret"],
    [{ "config.memory_api.url": "http://me:word@memory-api" }, "config.memory_api.url is a secret"],
    [
      { "config.connectors": [{ id: "a", context_id: "C", memory_api: { api_key: "k" } }] },
      "config.connectors[0].memory_api.api_key is a secret",
    ],
    [{ extraEnv: [{ name: "MEMORY_API_KEY", value: "k" }] }, "MEMORY_API_KEY in extraEnv is a secret"],
    [{ extraEnv: [{ name: "HTTPS_PROXY", value: "http://me:word@proxy" }] }, "HTTPS_PROXY in extraEnv is"],
    [{ extraEnv: [{ name: "PORT", value: 8080 }] }, "'/extraEnv/0/value': got number, want string"],
    [{ extraEnv: { PORT: "8080" } }, "'/extraEnv': got object, want array"],
    [{ "config.api.port": 8080 }, "config.api.port: 8080 cannot work: probes and Service ask port 9622"],
    [{ "config.api.host": "127.0.0.1" }, "config.api.host: 127.0.0.1 cannot work"],
    [{ "config.monitoring.prometheus.enabled": true }, "contradicts metrics.enabled: false"],
    [{ "config.monitoring.prometheus.port": 9999 }, "ask port 9623"],
    [
      { "podLabels.app\\.kubernetes\\.io/name": "other" },
      "app.kubernetes.io/name is set by the chart itself",
    ],
    [{ "podAnnotations.checksum/config": "1" }, "checksum/config is set by the chart itself"],
    [{ "resources.limits.memory": "1GB" }, "'1GB' does not match pattern"],
    [{ "persistence.size": "10" }, "'10' does not match pattern"],
    [{ "image.repository": "registry.example.org/Tools" }, "does not match pattern"],
    [{ "config.state.backend": "postgres" }, "value must be one of 'json', 'sqlite'"],
    [{ metrics: null, "image.repository": null }, "missing property 'metrics'"],
  ])("are refused with a sentence: %j", async ([values, sentence]) => {
    expect(await template(values)).toMatchObject({ code: 1, err: expect.stringContaining(sentence) });
  });

  test.for(["my.release", "1st", "2026"])(
    "a release that no Service can be called after is refused: %s",
    async (name) => {
      const answer = await helm!("template", name, ...asInCluster);
      expect(answer).toMatchObject({
        code: 1,
        err: expect.stringContaining("begins with a letter and has no dot"),
      });
    },
  );

  test("a name is cut where it is too long, and ends as names do", async () => {
    const { out } = await helm!("template", `${"a".repeat(50)}--b`, ...asInCluster);
    for (const { metadata } of objectsIn(out)) expect(metadata.name).toMatch(/^a{50}(?:-ready)?$/u);
  });

  test("names that YAML reads as numbers or truth stay text", async () => {
    const shapes = ["abc", "true", "10"].map(async (name) => {
      const own = {
        existingSecret: name,
        existingSecretFiles: name,
        serviceAccount: { existingName: name },
        ingress: { enabled: true, host: name, className: name, tlsSecret: name },
        priorityClassName: name,
        imagePullSecrets: [{ name }],
        nodeSelector: { name },
      };
      const claims = [{ storageClassName: name }, { existingClaim: name }];
      const file = join(temporaryFolder(), "values.yaml");
      writeFileSync(file, JSON.stringify(own));
      const release = name === "10" ? "abc" : name;
      const answers = claims.map((persistence) =>
        helm!(
          "template",
          release,
          chart,
          "--namespace",
          name,
          "--values",
          file,
          ...withValues({ persistence }),
        ),
      );
      const made = await Promise.all(answers);
      return made.map(({ out }) => objectsIn(out).map(shapeOf));
    });
    const [letters, ...others] = await Promise.all(shapes);
    for (const each of others) expect(each).toEqual(letters);
  });
});

/** The kinds of the values, in the places where they stand. */
function shapeOf(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(shapeOf);
  if (typeof value !== "object" || value === null) return typeof value;
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, shapeOf(each)]));
}
