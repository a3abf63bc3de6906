import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { freePort, startFrontServer } from "./front-server.ts";
import { temporaryFolder } from "./temp-folder.ts";

const page = new URL("../../docs/api.md", import.meta.url);

/** The settings that the page of the API shows, for a service at another address and a Caddy at another port, without TLS. */
export function documentedSite(service: string, port: number): string {
  const site = /```caddy\n(?<site>.*?)```/su.exec(readFileSync(page, "utf8"))?.groups?.site;
  if (site === undefined) throw new Error("docs/api.md shows no settings for Caddy");
  return site
    .replace("127.0.0.1:9622", new URL(service).host)
    .replace("memories.example.org {", `http://memories.example.org:${port}, http://127.0.0.1:${port} {`);
}

/** A real Caddy before a service; ends with the test. Resolves to its address. */
export async function startCaddy(program: string, siteOf: (port: number) => string): Promise<string> {
  const folder = temporaryFolder();
  const port = await freePort();
  writeFileSync(join(folder, "Caddyfile"), `{\n\tadmin off\n}\n${siteOf(port)}`);
  return startFrontServer({
    program,
    args: ["run", "--config", "Caddyfile", "--adapter", "caddyfile"],
    cwd: folder,
    port,
    env: { HOME: folder, XDG_DATA_HOME: folder, XDG_CONFIG_HOME: folder },
  });
}
