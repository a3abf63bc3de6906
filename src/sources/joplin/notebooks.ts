import { ConnectorError } from "../../kernel/errors/connector-error.ts";
import type { JoplinRow } from "./joplin-api.ts";
import type { JoplinOptions } from "./settings.ts";

type Choice = Pick<JoplinOptions, "notebooks" | "excludedNotebooks">;

/** Which notebooks are read, and their paths. */
export class Notebooks {
  readonly #paths: ReadonlyMap<string, string>;
  readonly #titles: ReadonlyMap<string, readonly string[]>;
  readonly #choice: Choice;

  /** Throws `SOURCE_CONTEXT_NOT_FOUND` for a notebook that is named and not there: its notes would seem to be deleted. */
  constructor(rows: readonly JoplinRow[], choice: Choice) {
    const byId = new Map(rows.map((row) => [row.id, row]));
    this.#titles = new Map(rows.map(({ id }) => [id, titlesTo(id, byId)]));
    this.#paths = new Map(Array.from(this.#titles, ([id, titles]) => [id, titles.join("/")]));
    this.#choice = choice;
    for (const name of [...(choice.notebooks ?? []), ...choice.excludedNotebooks]) this.#demand(name);
  }

  /** The titles from the outermost notebook on, with slashes between them; null for one that is not known. */
  pathOf(id: unknown): string | null {
    return (typeof id === "string" ? this.#paths.get(id) : undefined) ?? null;
  }

  has(id: unknown): boolean {
    const isIn = (name: string) => typeof id === "string" && this.#liesIn(id, name);
    const { notebooks, excludedNotebooks } = this.#choice;
    return (notebooks === null || notebooks.some(isIn)) && !excludedNotebooks.some(isIn);
  }

  /** Whether a notebook is one of this name, or within one. */
  #liesIn(id: string, name: string): boolean {
    const path = this.#paths.get(id);
    if (path === undefined) return false;
    const isOne = this.#titles.get(id)?.includes(name) === true;
    return isOne || path === name || path.startsWith(`${name}/`);
  }

  #demand(name: string): void {
    if (Array.from(this.#paths.keys()).some((id) => this.#liesIn(id, name))) return;
    const known = [...this.#paths.values()].sort().slice(0, 20).join(", ");
    throw new ConnectorError("SOURCE_CONTEXT_NOT_FOUND", `Joplin has no notebook "${name}"`, {
      subject: name,
      hint: known === "" ? "Joplin has no notebooks yet" : `name notebooks as Joplin does: ${known}`,
    });
  }
}

/** The titles of the notebooks around one, outermost first, and its own. Damaged data may hold a circle. */
function titlesTo(id: string, rows: ReadonlyMap<string, JoplinRow>): string[] {
  const titles: string[] = [];
  const passed = new Set<string>();
  for (
    let row = rows.get(id);
    row !== undefined && !passed.has(row.id);
    row = rows.get(String(row.parent_id))
  ) {
    passed.add(row.id);
    titles.unshift(String(row.title ?? ""));
  }
  return titles;
}
