import { expect, test } from "vitest";
import { readYaml } from "../../test/support/config.ts";
import { maskSecrets } from "./mask-secrets.ts";

const yaml = `
memory_api: { url: "http://user:s3cret@127.0.0.1:8080/path", api_key: s3cret }
lightrag: { api: { username: bob, password: s3cret, api_key: s3cret } }
connectors:
  - { id: one, context_id: CTX1, memory_api: { api_key: s3cret } }
  - id: two
    context_id: CTX2
    lightrag:
      mode: direct
      direct:
        llm: { provider: openai-compatible, base_url: "http://127.0.0.1:1/v1", model: m, api_key: s3cret }
        embedding: { provider: openai-compatible, base_url: "http://s3cret@127.0.0.1:1/v1", model: m, api_key: s3cret, dimension: 3 }
api: { api_key: s3cret }
monitoring: { alerts: { webhook_url: "http://127.0.0.1/s3cret" } }
advanced: { security: { encryption_key: s3cret } }
`;

test("the effective configuration can be printed without a secret", () => {
  const { config } = readYaml(yaml);
  expect(JSON.stringify(config)).toContain("s3cret");
  expect(JSON.stringify(maskSecrets(config))).not.toContain("s3cret");
});

test("everything that is no secret is printed as it is, and what is not set stays so", () => {
  const { config } = readYaml(yaml);
  expect(maskSecrets(config)).toMatchObject({
    connectors: [{ source: { url: "http://***@127.0.0.1:8080/path", apiKey: "***", timeoutMs: 30_000 } }, {}],
    lightrag: { api: { login: { username: "bob", password: "***" }, workspace: null } },
  });
  expect(maskSecrets({ api_key: null, apiKey: null, list: ["http://u:p@h"] })).toEqual({
    api_key: null,
    apiKey: null,
    list: ["http://***@h"],
  });
});
