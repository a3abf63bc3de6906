import { onTestFinished } from "vitest";
import { JoplinSource } from "../../src/sources/joplin/joplin-source.ts";
import type { JoplinOptions } from "../../src/sources/joplin/settings.ts";
import type { ServedWorld } from "../contract/served-source-suite.ts";
import { JoplinDouble, joplinId } from "./joplin-double.ts";
import { eagerServer, revokedKey, spoilIn } from "./source-listing.ts";

/** A double of Joplin, and a source over it. */
export async function joplinWorld(options: Partial<JoplinOptions> = {}, pageSize = 100) {
  const joplin = await JoplinDouble.start();
  const another = () => {
    const all = {
      ...{ token: joplin.token, notebooks: null, excludedNotebooks: [], notebookAsTag: false },
      ...{ timeZone: "Europe/Berlin", url: joplin.url, ...eagerServer, ...options },
    };
    const source = new JoplinSource({ ...all, pageSize });
    onTestFinished(() => source.close());
    return source;
  };
  const world: ServedWorld = {
    server: joplin,
    put: (name, body, at) =>
      joplin.put({ id: joplinId(name), body, ...(at !== undefined && { user_created_time: at }) }),
    delete: (name) => joplin.delete(joplinId(name)),
    idOf: joplinId,
    broken: (name, flaw) => ({
      ...{ id: joplinId(name), parent_id: joplinId("notebook"), user_created_time: "soon", body: flaw },
    }),
    stir: () => {
      // Joplin lists tags as it pleases, and raises the order of notes.
      for (const note of joplin.notes.values()) note.order = Number(note.order ?? 0) + 1;
    },
    spoil: (name, change) => spoilIn(joplin.notes, joplinId(name), change),
    revokeKeys: () => revokedKey(joplin, "token"),
    isList: ({ url }) => url.pathname === "/notes" && url.searchParams.get("limit") !== "1",
    itemsOf: (body) => (body as { items: unknown[] }).items,
    timeField: "user_created_time",
    withText: (item, body) => ({ ...item, body }),
  };
  return { url: joplin.url, joplin, source: another(), another, world, key: joplin.token };
}
