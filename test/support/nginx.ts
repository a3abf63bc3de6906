import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { freePort, startFrontServer } from "./front-server.ts";
import { temporaryFolder } from "./temp-folder.ts";

const shipped = new URL("../../deploy/nginx.conf", import.meta.url);

/** The settings that we ship, for a service at another address and an nginx at another port. */
export function shippedServer(service: string, port: number): string {
  return readFileSync(shipped, "utf8")
    .replace("http://127.0.0.1:9622", service)
    .replace("listen 80;", `listen 127.0.0.1:${port};`);
}

/** What somebody writes who has not read anything. */
export function plainServer(service: string, port: number): string {
  return `server { listen 127.0.0.1:${port}; location / { proxy_pass ${service}; } }`;
}

/** A real nginx before a service; ends with the test. Resolves to its address. */
export async function startNginx(program: string, serverOf: (port: number) => string): Promise<string> {
  const folder = temporaryFolder();
  const port = await freePort();
  mkdirSync(join(folder, "temp"));
  const temporary = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"].map(
    (kind) => `${kind}_temp_path temp/${kind};`,
  );
  const user = process.getuid?.() === 0 ? "user root;" : "";
  const lines = [
    user,
    "daemon off; master_process off; pid nginx.pid; error_log stderr error;",
    "events { worker_connections 256; }",
    `http { access_log off; ${temporary.join(" ")}`,
    serverOf(port),
    "}",
  ];
  writeFileSync(join(folder, "nginx.conf"), lines.join("\n"));
  return startFrontServer({
    program,
    args: ["-p", `${folder}/`, "-c", "nginx.conf", "-e", "stderr"],
    cwd: folder,
    port,
  });
}
