import { cpSync } from "node:fs";
import { join } from "node:path";
import type * as z from "zod";
import { requestOf } from "../../src/api/endpoint.ts";
import type { Route } from "../../src/api/route.ts";
import { routes } from "../../src/api/routes.ts";
import type { CommandSpec } from "../../src/cli/command.ts";
import { commands } from "../../src/cli/commands.ts";
import type { OperationDescription } from "../../src/operations/operation.ts";
import { callApi } from "./api-client.ts";
import { serveFolder } from "./api-server.ts";
import { runCli } from "./cli.ts";
import { temporaryFolder } from "./temp-folder.ts";

/** Where callers find a use case. */
export interface Doors {
  operation: OperationDescription;
  commands: string[];
  routes: Route[];
}

/** Every use case that a command or a route offers, by its name. */
export function offeredOperations(): Map<string, Doors> {
  const found = new Map<string, Doors>();
  const doorsOf = (operation: OperationDescription): Doors => {
    const doors = found.get(operation.name) ?? { operation, commands: [], routes: [] };
    found.set(operation.name, doors);
    return doors;
  };
  const addCommand = ({ name, operations = [], children = [] }: CommandSpec, above = "") => {
    for (const each of operations) doorsOf(each).commands.push(`${above}${name}`);
    for (const child of children) addCommand(child, `${name} `);
  };
  for (const route of routes) if (route.offers) doorsOf(route.offers.operation).routes.push(route);
  for (const command of commands) addCommand(command);
  return found;
}

/** How something ended: an answer, or an error as both doors tell it. */
export type Ending = { answer: unknown } | { code: string; message: string; subject: string | undefined };

/** A folder of its own that holds what another one holds. */
export function copyOf(folder: string): string {
  const copy = temporaryFolder();
  cpSync(folder, copy, { recursive: true });
  return copy;
}

/** What a command line ends with, given `--json`. */
export async function askCommand(folder: string, typed: readonly string[]): Promise<Ending> {
  const { out } = await runCli([...typed, "--json"], { cwd: folder });
  const answer = JSON.parse(out);
  if (answer.error === undefined) return { answer };
  const { code, message, subject } = answer.error;
  return { code, message, subject };
}

/** What the route of an operation ends with, in a service over the folder that runs until `work` has ended. */
export async function withService<Result>(
  folder: string,
  work: (url: string) => Promise<Result>,
): Promise<Result> {
  const { app, server, service } = await serveFolder(folder, { schedules: true });
  try {
    return await work(server.url);
  } finally {
    await server.close();
    await service.stop();
    await service.close();
    await app.close();
  }
}

export async function askRoute(
  url: string,
  route: Route,
  input: Readonly<Record<string, unknown>>,
): Promise<Ending> {
  const { operation, endpoint } = route.offers as NonNullable<Route["offers"]>;
  const { path, body } = requestOf(operation, endpoint, input);
  const { status, body: answer } = await callApi(url, route.method, path, {
    ...(route.body !== undefined && { body }),
  });
  if (status < 400) return { answer };
  return { code: answer.code, message: answer.title, subject: answer.subject };
}

/** The same, whenever and wherever it was asked for: times, spans, ids that are made anew and the folder are named by what they are. */
export function withoutWhatMoves(ending: Ending, folder: string): unknown {
  const text = JSON.stringify(ending)
    .replaceAll(folder, "<folder>")
    .replaceAll(/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z/gu, "<time>")
    .replaceAll(/\d{8}T\d{6}-[0-9a-f]+/gu, "<run>")
    .replaceAll(/mck_[\w-]{43}/gu, "<key>")
    .replaceAll(/"(id|subject|hash|previous|messageId)":"[0-9a-f]{8,}"/gu, '"$1":"<id>"')
    .replaceAll(/"bytes":\d+/gu, '"bytes":"<bytes>"')
    .replaceAll(/\b\d[\d.]* (?:ms|s)\b/gu, "<span>")
    .replaceAll(/http:\/\/127\.0\.0\.1:\d+/gu, "<url>");
  return JSON.parse(text);
}

/** Whether the operation takes a connector that is named. */
export function takesConnector({ input }: OperationDescription): boolean {
  return "connectorId" in (input as z.ZodObject).shape;
}

export const operationFiles = join(import.meta.dirname, "../../src/operations");
