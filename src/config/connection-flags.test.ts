import { join } from "node:path";
import { expect, test } from "vitest";
import { memoryApiOf } from "../../test/support/config.ts";
import { temporaryFolder } from "../../test/support/temp-folder.ts";
import { type ConnectionFlags, connectionOverrides } from "./connection-flags.ts";
import { readConfig } from "./read-config.ts";
import { ConfigInvalidError } from "./report/finding.ts";

const read = (
  flags: ConnectionFlags,
  environment: Record<string, string> = {},
  workingFolder = temporaryFolder(),
) => readConfig({ path: null, overrides: connectionOverrides(flags), environment, workingFolder }).config;

test("the flags of a call without a file are a whole configuration", () => {
  const workingFolder = temporaryFolder();
  const config = read(
    {
      apiUrl: "http://127.0.0.1:8080",
      apiKey: "m-1",
      contextId: "CTX123",
      lightragUrl: "http://127.0.0.1:9000",
      lightragApiKey: "l-1",
      workspace: "w",
      state: "state.json",
    },
    {},
    workingFolder,
  );
  expect(config).toMatchObject({
    connectors: [
      {
        id: "CTX123",
        contextIds: ["CTX123"],
        source: { url: "http://127.0.0.1:8080", apiKey: "m-1" },
        lightrag: { mode: "api", api: { url: "http://127.0.0.1:9000", apiKey: "l-1", workspace: "w" } },
      },
    ],
    state: { backend: "json", path: join(workingFolder, "state.json") },
  });
});

test("keys may come from the environment, as with a file", () => {
  const config = read({ apiUrl: "http://127.0.0.1:8080", contextId: "c" }, { MEMORY_API_KEY: "m-2" });
  expect(memoryApiOf(config.connectors[0]!).apiKey).toBe("m-2");
});

test("an empty key, as a script gives it whose variable is not set, is none", () => {
  const none = { apiUrl: "http://127.0.0.1:8080", contextId: "c", apiKey: "", lightragApiKey: "" };
  const config = read(none, { MEMORY_API_KEY: "m-2" });
  expect(config.connectors[0]).toMatchObject({
    source: { apiKey: null },
    lightrag: { api: { apiKey: null } },
  });
});

test("a context whose name cannot be a connector's id always gets the same id, and no other context has it", () => {
  const idOf = (contextId: string) => read({ apiUrl: "http://127.0.0.1:8080", contextId }).connectors[0]?.id;
  expect(idOf("ctx 1/ä")).toMatch(/^context-[0-9a-f]{16}$/);
  expect(idOf("ctx 1/ä")).toBe(idOf("ctx 1/ä"));
  expect(idOf("ctx 1/ä")).not.toBe(idOf("ctx 1/ö"));
});

test("what is wrong with a flag names the flag", () => {
  const attempt = () => read({ apiUrl: "127.0.0.1:8080", contextId: "c" });
  expect(attempt).toThrow(ConfigInvalidError);
  try {
    attempt();
  } catch (error) {
    expect((error as ConfigInvalidError).format()).toMatch(
      /^CONFIG_INVALID: the command line has 1 problem[\s\S]*memory_api\.url \(from --api-url\): must be a URL/,
    );
  }
});
