import { fileURLToPath } from "node:url";
import { Client, StreamableHTTPClientTransport } from "@modelcontextprotocol/client";
import { StdioClientTransport } from "@modelcontextprotocol/client/stdio";
import { Client as ClientOf2025 } from "@modelcontextprotocol/sdk/client/index.js";
import { StdioClientTransport as StdioOf2025 } from "@modelcontextprotocol/sdk/client/stdio.js";
import { StreamableHTTPClientTransport as HttpOf2025 } from "@modelcontextprotocol/sdk/client/streamableHttp.js";
import { onTestFinished } from "vitest";
import { adminKey } from "./service.ts";

const main = fileURLToPath(new URL("../../src/main.ts", import.meta.url));
const us = { name: "a-test", version: "1.0.0" };

/** The revisions of the protocol that clients speak. */
export const eras = ["2025", "2026"] as const;
export type Era = (typeof eras)[number];

// biome-ignore lint/suspicious/noExplicitAny: tests look into answers as they come, and the clients of both eras share no type.
type Json = any;

export interface ToolAnswer {
  isError: boolean;
  /** The structured content, or what the text of a failure says. */
  says: Json;
  /** Bytes of the text. */
  bytes: number;
}

export interface TestClient {
  names(): Promise<string[]>;
  tools(): Promise<Json[]>;
  call(name: string, input?: object): Promise<ToolAnswer>;
  close(): Promise<void>;
  /** Of the started process; null over HTTP. */
  pid: number | null;
}

/** The official client of an era, connected over HTTP. */
export async function connectHttp(era: Era, url: string, key: string | null = adminKey): Promise<TestClient> {
  const headers: Record<string, string> = key === null ? {} : { authorization: `Bearer ${key}` };
  const options = { requestInit: { headers } };
  const transport =
    era === "2026"
      ? new StreamableHTTPClientTransport(new URL(url), options)
      : new HttpOf2025(new URL(url), options);
  return connect(era, transport, () => null);
}

/** The same, with a process of the command line. */
export async function connectStdio(era: Era, folder: string, ...args: string[]): Promise<TestClient> {
  const server = {
    command: process.execPath,
    args: ["--disable-warning=ExperimentalWarning", main, "mcp", ...args],
    cwd: folder,
    env: { PATH: process.env.PATH ?? "" },
    stderr: "ignore" as const,
  };
  const transport = era === "2026" ? new StdioClientTransport(server) : new StdioOf2025(server);
  return connect(era, transport, () => transport.pid);
}

async function connect(era: Era, transport: Json, pid: () => number | null): Promise<TestClient> {
  const client: Json =
    era === "2026"
      ? new Client(us, { versionNegotiation: { mode: { pin: "2026-07-28" } } })
      : new ClientOf2025(us);
  await client.connect(transport);
  onTestFinished(() => client.close());
  const tools = async () => (await client.listTools()).tools;
  return {
    tools,
    names: async () => (await tools()).map(({ name }: { name: string }) => name),
    call: async (name, input = {}) => {
      const {
        isError = false,
        content,
        structuredContent,
      } = await client.callTool({ name, arguments: input });
      const [{ text }] = content as { text: string }[] as [{ text: string }];
      const says = structuredContent ?? JSON.parse(text).error;
      return { isError, says, bytes: Buffer.byteLength(text) };
    },
    close: () => client.close(),
    pid: pid(),
  };
}
