import { existsSync, readdirSync, writeFileSync } from "node:fs";
import { createServer, type Server, type Socket } from "node:net";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { ended, runCli, startCli } from "../support/cli.ts";
import { makeWorld } from "../support/service.ts";
import { temporaryFolder } from "../support/temp-folder.ts";

/** A server that does with each connection whatever it likes; its address. */
async function serverThat(treats: (socket: Socket) => void): Promise<string> {
  const sockets = new Set<Socket>();
  const server: Server = createServer((socket) => {
    sockets.add(socket.on("error", () => undefined));
    treats(socket);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  const address = server.address();
  return `127.0.0.1:${typeof address === "object" ? address?.port : 0}`;
}

const trickle = (socket: Socket) => {
  socket.write("HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ntransfer-encoding: chunked\r\n\r\n");
  const timer = setInterval(() => socket.write("1\r\n \r\n"), 200);
  socket.on("close", () => clearInterval(timer));
};
const unwell = (socket: Socket) =>
  void socket.on("data", () => socket.write("HTTP/1.1 503 Unavailable\r\ncontent-length: 0\r\n\r\n"));

test("whatever both ends do, check tells of each of them, in one line, and ends before anybody loses patience", async () => {
  const silent = await serverThat(() => undefined);
  const servers: Record<string, string> = {
    silent: `http://${silent}`,
    trickling: `http://${await serverThat(trickle)}`,
    unwell: `http://${await serverThat(unwell)}`,
    resetting: `http://${await serverThat((socket) => socket.resetAndDestroy())}`,
    "no-tls": `https://${silent}`,
    nowhere: "http://host.invalid",
    closed: "http://127.0.0.1:1",
  };
  const folder = temporaryFolder();
  const connectors = Object.entries(servers).map(
    ([id, url]) =>
      `{ id: ${id}, context_id: C, memory_api: { url: "${url}" }, lightrag: { api: { url: "${url}" } } }`,
  );
  writeFileSync(
    join(folder, "config.yaml"),
    `connectors:\n${connectors.map((each) => `  - ${each}\n`).join("")}`,
  );
  const started = performance.now();
  const { code, out, err } = await ended(startCli(["check"], folder));
  // Ten seconds are promised; a busy machine may add what its queue takes.
  expect(performance.now() - started).toBeLessThan(20_000);
  const lines = out.trimEnd().split("\n");
  expect({ code, told: lines.length }).toEqual({ code: 1, told: 2 * connectors.length });
  for (const id of Object.keys(servers)) {
    const about = lines.filter((line) => line.includes(`  ${id}  `));
    expect(about).toEqual([
      expect.stringMatching(
        /^FAIL {2}\S+ {2}(Memory API, context C|LightRAG): (SOURCE|SINK)_[A-Z_]+: .+ · .+/u,
      ),
      expect.stringMatching(/^FAIL/u),
    ]);
    expect(err).toContain(`try   ${id}  LightRAG`);
  }
});

test("check and doctor of direct mode make no folder, and say that the first sync does", async () => {
  const { folder, configure } = await makeWorld(1);
  configure("connectors: [{ id: one, context_id: CTX }]", { lightrag: "{ mode: direct }" });
  const before = readdirSync(folder);
  const check = await runCli(["check"], { cwd: folder });
  expect(check).toMatchObject({ code: 0, out: expect.stringContaining("the first sync makes it") });
  await runCli(["doctor"], { cwd: folder });
  expect(readdirSync(folder)).toEqual(before);
  expect(existsSync(join(folder, "lightrag_storage"))).toBe(false);
  await runCli(["sync"], { cwd: folder });
  expect((await runCli(["check"], { cwd: folder })).out).toContain("lightrag_storage answers");
});

test("a direct folder that cannot be made is told before the first sync", async () => {
  const { folder, configure } = await makeWorld(1);
  writeFileSync(join(folder, "occupied"), "");
  configure("connectors: [{ id: one, context_id: CTX }]", {
    lightrag: "{ mode: direct, direct: { working_dir: ./occupied/index } }",
  });
  const { code, out } = await runCli(["check"], { cwd: folder });
  expect({ code, out }).toEqual({ code: 1, out: expect.stringContaining("DIRECT_FOLDER_UNUSABLE") });
});
