import type { RequestListener, ServerResponse } from "node:http";
import { expect, test } from "vitest";
import { runCli } from "../support/cli.ts";
import { startHttpServer } from "../support/http-server.ts";
import { temporaryFolder } from "../support/temp-folder.ts";

const commands = ["trigger", "pause", "resume", "cancel", "watch"];
const answers: Record<string, (response: ServerResponse) => unknown> = {
  "a page": (response) => response.end("<html>"),
  "nothing at all": (response) => response.end(),
  "another program's JSON": (response) => response.end('{"hello": 1}'),
  "a part of an answer": (response) => {
    response.writeHead(200, { "content-length": 100 }).write('{"runId":');
    response.socket?.end();
  },
  "a refusal of another program": (response) => response.writeHead(401).end("<html>"),
};

test.each(Object.entries(answers))(
  "%s is not taken for the answer of a service, by no command",
  async (_, say) => {
    const { url } = await startHttpServer((request, response) =>
      request.resume().on("end", () => say(response)),
    );
    for (const command of commands) {
      const answer = await runCli([command, "--connector-id", "c", "--url", url, "--key", "k"]);
      expect([command, answer]).toEqual([command, { code: 1, out: "", err: expect.any(String) }]);
      expect(answer.err).toMatch(
        /^SERVICE_UNREACHABLE: what answers at \S+ is no memory-connector service · /u,
      );
    }
  },
);

test("a service that ends in the middle of its events ends watch with a code", async () => {
  const { url } = await startHttpServer((_, response) => {
    response.writeHead(200, { "content-type": "text/event-stream" }).write('data: {"reason":"x"}\n\n');
    setTimeout(() => response.destroy(), 50);
  });
  const answer = await runCli(["watch", "--url", url, "--key", "k"]);
  expect(answer).toMatchObject({ code: 1, err: expect.stringContaining("has ended the connection · ") });
});

test("what a newer service says beyond what is known does no harm", async () => {
  const known = {
    schedule: "by hand",
    nextRunAt: null,
    pausedAt: null,
    pauseNote: null,
    skipped: 0,
    openRunId: null,
    nextRuns: [],
  };
  const answer = { ...known, mood: "fine" };
  const { url } = await startHttpServer((_, response) => response.end(JSON.stringify(answer)));
  const paused = await runCli(["pause", "c", "--url", url, "--key", "k"]);
  expect(paused).toMatchObject({ code: 0, out: '"c" is paused.\n' });
});

test("a login in the address goes to the proxy as Basic, and is shown nowhere", async () => {
  const heard: (string | undefined)[] = [];
  const proxy: RequestListener = ({ url, headers }, response) => {
    heard.push(url, headers.authorization, headers["x-api-key"] as string);
    response.writeHead(502).end();
  };
  const { url } = await startHttpServer(proxy);
  const address = url.replace("//", "//bob:pw-secret@");
  const answer = await runCli(["pause", "c", "--url", `${address}/base/`, "--key", "k"]);
  expect(heard).toEqual([
    "/base/connectors/c/pause",
    `Basic ${Buffer.from("bob:pw-secret").toString("base64")}`,
    "k",
  ]);
  expect(answer.err).toContain(`${url}/base is no`);
  expect(answer.err).not.toContain("pw-secret");
});

test.each([
  ["--url", "10.0.0.7:9622", "begins with http://"],
  ["--url", "http://127.0.0.1:99999", "begins with http://"],
  ["--url", "http://10.0.0.7:9622/docs/#connectors", "must end before"],
  ["--key", "two\nlines", "has a line end"],
  ["--key", "kéy€", "U+20AC"],
  ["--key", " ", "must not be empty"],
])("%s %j is refused before anything is asked, and not shown", async (option, value, reason) => {
  for (const command of [...commands, "status"]) {
    const answer = await runCli([command, "--connector-id", "c", option, value], { cwd: temporaryFolder() });
    expect([command, answer]).toMatchObject([command, { code: 2, out: "" }]);
    expect(answer.err).toMatch(/^USAGE: /u);
    expect(answer.err).toContain(reason);
    if (value.trim() !== "") expect(answer.err).not.toContain(value);
  }
});
