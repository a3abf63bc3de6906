import { readFileSync } from "node:fs";
import { join } from "node:path";
import { eventsRoute } from "../../src/api/live/add-events.ts";
import type { RouteDescription } from "../../src/api/route.ts";
import { routes } from "../../src/api/routes.ts";
import type { Access } from "../../src/operations/operation.ts";
import { code, generatedNote, page, table } from "./markdown.ts";

const keys: Readonly<Record<Access, string>> = { open: "none", viewer: "any", admin: "admin" };

/** The page about the management API: its text in `api.md`, and a table of all endpoints. */
export function renderApi(): string {
  const text = readFileSync(join(import.meta.dirname, "api.md"), "utf8").trim();
  return page([
    "# Management API",
    generatedNote("scripts/docs/api.md and src/api/routes"),
    text.replace("{{endpoints}}", endpointsTable([...routes, eventsRoute])),
  ]);
}

function endpointsTable(endpoints: readonly RouteDescription[]): string {
  const rows = endpoints.map(({ method, path, access, summary }) => [
    code(`${method} ${path}`),
    keys[access],
    summary,
  ]);
  return table(["endpoint", "key", "what it does"], rows);
}
