import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Writable } from "node:stream";
import { expect, onTestFinished, test } from "vitest";
import { ManualClock } from "../../test/support/manual-clock.ts";
import { temporaryFolder } from "../../test/support/temp-folder.ts";
import type { LogSettings } from "./log-settings.ts";
import { Logs } from "./logs.ts";
import { SecretMask } from "./secret-mask.ts";

const settings: LogSettings = {
  level: "info",
  format: "json",
  file: null,
  console: { enabled: true, colorize: false },
  components: { scheduler: "info", apiClient: "debug", orchestrator: "error", stateManager: "info" },
};

class Console extends Writable {
  written = "";

  override _write(chunk: Buffer, _encoding: string, done: () => void): void {
    this.written += chunk.toString();
    done();
  }

  get lines(): unknown[] {
    return this.written
      .split("\n")
      .filter(Boolean)
      .map((line) => JSON.parse(line));
  }
}

function open(given: Partial<LogSettings> = {}, mask = new SecretMask()) {
  const console = new Console();
  const clock = new ManualClock(Date.UTC(2026, 0, 31, 8));
  const logs = new Logs({ settings: { ...settings, ...given }, console, clock, mask });
  onTestFinished(() => logs.close());
  return { logs, console };
}

test("a line is a JSON object with the level's configured name, the component, the fields and the message", () => {
  const { logs, console } = open();
  logs.of("scheduler").warn({ connector_id: "personal" }, "due time skipped");
  expect(console.lines).toEqual([
    {
      level: "WARNING",
      time: "2026-01-31T08:00:00.000Z",
      component: "scheduler",
      connector_id: "personal",
      msg: "due time skipped",
    },
  ]);
});

test("each component has its own level", () => {
  const { logs, console } = open();
  for (const log of [logs.service, logs.of("apiClient"), logs.of("orchestrator")]) {
    log.debug("fine");
    log.info("said");
    log.error("wrong");
  }
  const seen = console.lines.map((line) =>
    Object.values(line as object)
      .slice(2)
      .join(" "),
  );
  expect(seen).toEqual([
    "said",
    "wrong",
    "api_client fine",
    "api_client said",
    "api_client wrong",
    "orchestrator wrong",
  ]);
});

test("levels can be changed while it runs", () => {
  const { logs, console } = open();
  logs.setLevels({ level: "error", components: { ...settings.components, scheduler: "debug" } });
  logs.service.warn("not any more");
  logs.of("scheduler").debug("from now on");
  expect(console.lines).toMatchObject([{ msg: "from now on" }]);
});

test("the file has the same lines, without colours", async () => {
  const path = join(temporaryFolder(), "app.log");
  const { logs, console } = open({
    format: "text",
    console: { enabled: true, colorize: true },
    file: { path, maxBytes: 10_000, backupCount: 1, rotation: "size" },
  });
  logs.service.info({ port: 9622 }, "listening");
  await logs.close();
  expect(readFileSync(path, "utf8")).toBe("2026-01-31T08:00:00.000Z  INFO      listening  port=9622\n");
  expect(console.written).toContain("\u001b[");
});

test("a console that is switched off stays silent", () => {
  const { logs, console } = open({ console: { enabled: false, colorize: false } });
  logs.service.error("unseen");
  expect(console.written).toBe("");
});

test("a console that went away does not end the program", async () => {
  const { logs, console } = open();
  console.destroy(new Error("EPIPE"));
  await new Promise((resolve) => console.once("close", resolve));
  expect(() => logs.service.info("to nobody")).not.toThrow();
});

test("a secret is masked whatever field it comes in, and a transcript that is logged by mistake too", () => {
  const { logs, console } = open({}, new SecretMask(["s3cret-key"]));
  logs.service.error({
    err: new Error("401 for s3cret-key"),
    transcript: "dear diary",
    row: { payload: "dear diary" },
  });
  expect(console.written).toContain("401 for ***");
  expect(console.written).not.toMatch(/s3cret|diary/);
});
