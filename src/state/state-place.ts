/** The backends that keep a state in a file. */
export const fileBackends = ["json", "sqlite"] as const;
export const stateBackends = [...fileBackends, "postgres"] as const;
export type StateBackend = (typeof stateBackends)[number];

/** Location and backend of a state. */
export interface StatePlace {
  backend: StateBackend;
  /** The file; of `postgres` the URL, without a password. */
  path: string;
  /** Of `postgres`; null or left out for one that PostgreSQL's own means give, or none. */
  password?: string | null | undefined;
}

const defaultSchema = "memory_connector";

/** The state of a URL (`postgres://user@host/database`, `sqlite:FILE`, `json:FILE`), its file as it was written; what is wrong with one that names none, as the end of a sentence about it. */
export function readStateUrl(text: string): StatePlace | { problem: string } {
  const [, scheme, rest = ""] = /^([a-z]+):(.*)$/su.exec(text) ?? [];
  if (scheme === "sqlite" || scheme === "json") {
    const path = rest.replace(/^\/\/(?=\/)/u, "");
    if (path === "") return { problem: `names no file, as ${scheme}:./state does` };
    return { backend: scheme, path };
  }
  if (scheme !== "postgres" && scheme !== "postgresql")
    return { problem: "must begin with postgres://, sqlite: or json:" };
  return readServerUrl(text);
}

function readServerUrl(text: string): StatePlace | { problem: string } {
  const url = URL.parse(text);
  if (url === null || !/^\/[^/]+$/u.test(url.pathname))
    return { problem: "must name user, server and database, as postgres://user@server:5432/database does" };
  const schema = url.searchParams.get("schema") ?? defaultSchema;
  if (!/^[a-z_][a-z0-9_]{0,62}$/u.test(schema) || schema.startsWith("pg_"))
    return { problem: "must name a schema of small letters, digits and underscores" };
  const password = url.password === "" ? url.searchParams.get("password") : decodeURIComponent(url.password);
  url.password = "";
  url.searchParams.delete("password");
  url.searchParams.set("schema", schema);
  return { backend: "postgres", path: url.href, password };
}

/** The schema that a URL of `postgres` names. */
export function schemaIn(url: string): string {
  return new URL(url).searchParams.get("schema") ?? defaultSchema;
}
