import { runCli } from "./cli.ts";
import { startWorld, type WorldOptions } from "./sync-world.ts";

/** An item of the Memory API with a place, a person, a hashtag and a link in it. */
export const harbour = {
  id: "harbour",
  type: "voice_note",
  audio: true,
  image: false,
  transcript: "Met Ana at the harbour. The boat was late again. #sailing https://example.org/boats",
  location_lat: 19.07609,
  location_lon: 72.877426,
  created_at: "2025-12-18T14:30:00Z",
};

/** A world without memories whose connector finds things out. */
export async function startRichWorld(
  transformation: Record<string, unknown>,
  options: Omit<WorldOptions, "memories"> = {},
) {
  const connectorWith = (change: Record<string, unknown>, range = "all") => ({
    ingestion: { query_range: range, query_limit: 2000 },
    timezone: "Europe/Rome",
    transformation: { strategy: "rich", geocoding: true, ...transformation, ...change },
  });
  const connector = connectorWith({});
  const world = await startWorld({ memories: 0, ...options, connector });
  world.source.clear("CTX");
  const command = async (name: string, ...args: string[]) => {
    const { code, out, err } = await runCli([name, "--json", ...args], { cwd: world.folder });
    return { code, err, ...JSON.parse(out) };
  };
  const sync = async (...args: string[]) => {
    const { runs, ...answer } = await command("sync", ...args);
    return { ...runs[0], ...answer };
  };
  const transform = (change: Record<string, unknown>) =>
    world.configure({ connector: connectorWith(change) });
  const lookBack = (range: string) => world.configure({ connector: connectorWith({}, range) });
  return { ...world, command, sync, transform, lookBack, put: world.source.put.bind(world.source, "CTX") };
}
