import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { minimal } from "../../test/support/config.ts";
import { temporaryFolder } from "../../test/support/temp-folder.ts";
import { ConfigManager } from "./config-manager.ts";

function managed(yaml: string) {
  const workingFolder = temporaryFolder();
  const path = join(workingFolder, "config.yaml");
  writeFileSync(path, yaml);
  const manager = ConfigManager.load({ path, environment: {}, workingFolder });
  return { manager, path, write: (next: string) => writeFileSync(path, next) };
}

const two = `
memory_api: { url: "http://127.0.0.1:8080" }
connectors: [{ id: one, context_id: CTX1 }, { id: two, context_id: CTX2 }]
`;

test("a reload of an unchanged file changes nothing", () => {
  const { manager, path } = managed(two);
  expect(manager.source).toBe(path);
  expect(manager.files).toEqual([path, join(path, "../.env")]);
  expect(manager.reload()).toEqual({
    ok: true,
    changes: { added: [], removed: [], changed: [], blocks: [], waiting: [] },
  });
});

test("a reload says which connectors came, went and changed in what, and which blocks changed", () => {
  const { manager, write } = managed(two);
  write(`
memory_api: { url: "http://127.0.0.1:8080" }
connectors:
  - { id: three, context_id: CTX3 }
  - { id: two, context_id: CTX2, enabled: false, retry: { max_attempts: 9 } }
logging: { level: DEBUG }
`);
  expect(manager.reload()).toEqual({
    ok: true,
    changes: {
      added: ["three"],
      removed: ["one"],
      changed: [{ id: "two", keys: ["enabled", "retry"] }],
      blocks: ["logging"],
      waiting: [],
    },
  });
  expect(manager.config.connectors.map(({ id }) => id)).toEqual(["three", "two"]);
  expect(manager.warnings).toEqual([]);
});

test("what waits for the next start is what differs from this one, however it came to that", () => {
  const { manager, write } = managed(two);
  const waiting = (api: string) => {
    write(`${two}api: { ${api} }\n`);
    return manager.reload();
  };
  expect(waiting("port: 1000")).toMatchObject({ changes: { blocks: ["api"], waiting: ["api.port"] } });
  expect(waiting("port: 1000, max_connections: 5")).toMatchObject({
    changes: { blocks: ["api"], waiting: ["api.port", "api.maxConnections"] },
  });
  expect(waiting("")).toMatchObject({ changes: { blocks: ["api"], waiting: [] } });
});

test("a change of a block shows in each connector that uses it", () => {
  const { manager, write } = managed(two);
  write(two.replace("8080", "9090"));
  expect(manager.reload()).toMatchObject({
    changes: {
      changed: [
        { id: "one", keys: ["source"] },
        { id: "two", keys: ["source"] },
      ],
      blocks: [],
      waiting: [],
    },
  });
});

test("a broken or missing file is refused with its error, and the old configuration stays in force until it is mended", () => {
  const { manager, write, path } = managed(minimal);
  const before = manager.config;
  write("connectors: [");
  expect(manager.reload()).toMatchObject({ ok: false, error: { code: "CONFIG_SYNTAX" } });
  write(`${minimal}\napi: { port: 0 }`);
  expect(manager.reload()).toMatchObject({ ok: false, error: { code: "CONFIG_INVALID" } });
  rmSync(path);
  expect(manager.reload()).toMatchObject({ ok: false, error: { code: "CONFIG_NOT_FOUND" } });
  expect(manager.config).toBe(before);
  write(two);
  expect(manager.reload()).toMatchObject({ ok: true, changes: { added: ["two"] } });
});
