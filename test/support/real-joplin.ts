import { type ChildProcess, execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { promisify } from "node:util";
import { vi } from "vitest";
import { freePort } from "./front-server.ts";
import { npmProgram } from "./npm-program.ts";

/** The terminal program, whose server has the Data API; null where the registry does not give it, or nothing can compile its database. */
export const joplinProgram = () => npmProgram("joplin", "3.5.1", ["sqlite3"]);

/** Joplin's own server over a profile, changed through its API as any client does it. */
export class RealJoplin {
  readonly token = "token-0123456789abcdef";
  readonly url: string;
  readonly #program: string;
  readonly #profile: string;
  #process: ChildProcess | null = null;

  private constructor(program: string, profile: string, port: number) {
    this.#program = program;
    this.#profile = profile;
    this.url = `http://127.0.0.1:${port}`;
  }

  /** Writes the profile into this folder, and starts. */
  static async start(program: string, profile: string): Promise<RealJoplin> {
    const port = await freePort();
    const joplin = new RealJoplin(program, profile, port);
    const configure = (name: string, value: string) =>
      promisify(execFile)(program, ["--profile", profile, "config", name, value]);
    await configure("api.token", joplin.token);
    await configure("api.port", String(port));
    await joplin.run();
    return joplin;
  }

  /** Starts the server, again after `stop`. */
  async run(): Promise<void> {
    this.#process = spawn(this.#program, ["--profile", this.#profile, "server", "start"], {
      stdio: "ignore",
    });
    const answers = async () => (await fetch(`${this.url}/ping`)).text();
    await vi.waitFor(answers, { timeout: 60_000, interval: 200 }).catch(async (error: unknown) => {
      await this.stop();
      throw error;
    });
  }

  async stop(): Promise<void> {
    const ended = this.#process === null ? null : once(this.#process, "exit");
    this.#process?.kill("SIGTERM");
    await ended;
    this.#process = null;
  }

  /** Adds something: `folders`, `notes`, `tags`. */
  add(kind: string, row: object): Promise<Record<string, unknown>> {
    return this.#ask("POST", kind, JSON.stringify(row));
  }

  change(path: string, row: object): Promise<Record<string, unknown>> {
    return this.#ask("PUT", path, JSON.stringify(row));
  }

  /** A note goes into the bin, unless it is deleted for good. */
  async remove(path: string, isForGood = true): Promise<void> {
    await this.#ask("DELETE", path, undefined, isForGood ? { permanent: "1" } : {});
  }

  addFile(title: string, type: string, content: string): Promise<Record<string, unknown>> {
    const form = new FormData();
    form.append("data", new Blob([content], { type }), title);
    form.append("props", JSON.stringify({ title }));
    return this.#ask("POST", "resources", form);
  }

  async noteIds(): Promise<string[]> {
    const { items } = await this.#ask("GET", "notes", undefined, { fields: "id", include_deleted: "1" });
    return (items as { id: string }[]).map(({ id }) => id);
  }

  async cursor(): Promise<string> {
    return String((await this.#ask("GET", "events")).cursor);
  }

  /** Resolves when the feed tells of these notes: it is written a moment after what it tells of. */
  async untilTold(cursor: string, ids: readonly string[]): Promise<void> {
    await vi.waitFor(
      async () => {
        const told = new Set<string>();
        for (let at = cursor, isLast = false; !isLast; ) {
          const page = await this.#ask("GET", "events", undefined, { cursor: at });
          for (const { item_id: id } of page.items as { item_id: string }[]) told.add(id);
          at = String(page.cursor);
          isLast = page.has_more !== true;
        }
        const missing = ids.filter((id) => !told.has(id));
        if (missing.length > 0) throw new Error(`the feed does not tell of ${missing.join(", ")}`);
      },
      { timeout: 30_000, interval: 100 },
    );
  }

  async #ask(
    method: string,
    path: string,
    body?: string | FormData,
    query: Record<string, string> = {},
  ): Promise<Record<string, unknown>> {
    const asked = new URLSearchParams({ ...query, token: this.token });
    const answer = await fetch(`${this.url}/${path}?${asked}`, {
      method,
      ...(body !== undefined && { body }),
    });
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${text.slice(0, 200)}`);
    return text === "" ? {} : JSON.parse(text);
  }
}
