import type { Memory } from "../../../src/domain/memory.ts";
import type { ServedWorld } from "../../contract/served-source-suite.ts";
import { joplinWorld } from "../joplin-world.ts";
import { memosVersions } from "../memos-double.ts";
import { memosWorld } from "../memos-world.ts";
import { limitlessWorld, omiWorld } from "../omi-world.ts";
import { ServedWeek } from "./served-week.ts";
import type { Said } from "./source-history.ts";
import { hasty, plainMemory, type SourceInput, type WeekSetup } from "./week-source.ts";

/** A week of a source whose server the contract of sources has a double of. */
function worldWeek(
  setup: WeekSetup,
  world: ServedWorld,
  { name, settings, memory }: { name: string; settings: SourceInput; memory(said: Said): Partial<Memory> },
): ServedWeek {
  const put = ({ id, text, at }: Said) => world.put(id, text, at);
  return new ServedWeek(
    {
      server: world.server,
      shapes: [{ name, settings }],
      memoryOf: (said) => plainMemory(said, { id: world.idOf(said.id), ...memory(said) }),
      put,
      spoil: (said, random) => {
        put(said);
        const text = random.pick([{ a: 1 }, "half \ud83d", 7, ["a"]]);
        world.spoil(said.id, (item) => world.withText(item, text));
        return { letter: world.idOf(said.id), content: JSON.stringify(text) };
      },
      delete: (id) => world.delete(id),
      isList: (request) => world.isList(request),
      emptied: (body) => {
        world.itemsOf(body).length = 0;
        return body;
      },
      revokeKeys: () => world.revokeKeys(),
    },
    setup,
  );
}

export async function joplinWeek(setup: WeekSetup): Promise<ServedWeek> {
  const { world, url, key } = await joplinWorld();
  const settings = { type: "joplin" as const, url, token: key, ...hasty };
  const memory = () => ({ format: "markdown" as const, timeSource: "entry" as const });
  return worldWeek(setup, world, { name: "notes", settings, memory });
}

/** Of any version. */
export async function memosWeek(setup: WeekSetup): Promise<ServedWeek> {
  const version = setup.random.pick(memosVersions);
  const { world, url, key } = await memosWorld(version);
  const settings = { type: "memos" as const, url, token: key, ...hasty };
  const memory = () => ({ format: "markdown" as const, timeSource: "entry" as const });
  return worldWeek(setup, world, { name: version, settings, memory });
}

/** Of conversations, or of facts. */
export async function omiWeek(setup: WeekSetup): Promise<ServedWeek> {
  const include = setup.random.pick(["conversations", "memories"] as const);
  const { world, url, key } = await omiWorld([include]);
  const settings = { type: "omi" as const, url, api_key: key, include: [include], ...hasty };
  const memory = ({ id }: Said): Partial<Memory> =>
    include === "memories"
      ? { type: "memory", tags: ["a", "b", "interests"], timeSource: "entry" }
      : { type: "conversation", title: id };
  return worldWeek(setup, world, { name: include, settings, memory });
}

export async function limitlessWeek(setup: WeekSetup): Promise<ServedWeek> {
  const { world, url, key } = await limitlessWorld();
  const settings = { type: "limitless" as const, url, api_key: key, ...hasty };
  const memory = ({ id }: Said): Partial<Memory> => ({ type: "record", title: id, format: "markdown" });
  return worldWeek(setup, world, { name: "lifelogs", settings, memory });
}
