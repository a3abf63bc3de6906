import { describe, expect, test } from "vitest";
import { problemsOf, readYaml } from "../../test/support/config.ts";

/** Where the configuration has a secret that travels in a header, as YAML with the secret's place marked. */
const places: Readonly<Record<string, string>> = {
  "memory_api.api_key": "memory_api: { url: 'http://127.0.0.1:1', api_key: KEY }",
  "lightrag.api.api_key": "lightrag: { api: { api_key: KEY } }",
  "lightrag.direct.llm.api_key":
    "lightrag: { mode: direct, direct: { llm: { provider: openai-compatible, base_url: 'http://127.0.0.1:1', model: m, api_key: KEY } } }",
  "media.vision.api_key": "media: { vision: { base_url: 'http://127.0.0.1:1', model: m, api_key: KEY } }",
  "api.api_key": "api: { api_key: KEY }",
  "connectors[0].memory_api.api_key":
    "connectors: [{ id: one, context_id: C, memory_api: { url: 'http://127.0.0.1:1', api_key: KEY } }]",
};

const unusable = [
  ["a line end inside", "first\nsecond", "has a line end"],
  ["a carriage return inside", "first\rsecond", "has a line end"],
  ["a tab inside", "first\tsecond", "has a control character"],
  ["an escape", "key\u001b[0m", "has a control character"],
  ["a letter beyond Latin-1", "ключ", "has the character U+043A"],
  ["an emoji", "key🔑", "has the character U+1F511"],
  ["a zero-width space", "key\u200bkey", "has the character U+200B"],
] as const;

describe.each(Object.keys(places))("%s", (path) => {
  const yaml = places[path]?.replace("KEY", `"\${file:secret}"`) ?? "";

  test.each(unusable)("%s is named when the configuration is read, and not shown", (_, secret, reason) => {
    const problem = problemsOf(yaml, { files: { secret } }).find((each) => each.path === path);
    expect(problem).toMatchObject({ value: "***", reason: expect.stringContaining(reason) });
    expect(JSON.stringify(problem)).not.toContain(secret);
  });
});

test.each(["key\n", "key\r\n", "  key  ", "\tkey\n\n", "\u00a0key", "\uFEFFkey"])(
  "what surrounds a key is no part of it: %j",
  (secret) => {
    const { config } = readYaml("api: { api_key: '${file:secret}' }", { files: { secret } });
    expect(config.api.apiKey).toBe("key");
  },
);

test("a key of printable signs is taken as it is", () => {
  const secret = "sk-Ab3/+=_.~!@#$%^&*() é";
  expect(readYaml("api: { api_key: '${K}' }", { environment: { K: secret } }).config.api.apiKey).toBe(secret);
});
