import type { WebWorld } from "../../support/web-page.ts";

/** The error that they have. */
export const refusalCode = "SINK_SERVER_ERROR";

/** Sends all of seagrass; the documents that name the seahorses are refused until the server is mended. */
export async function sendRefusedSeahorses(world: WebWorld): Promise<void> {
  world.slowLightRag.fail({
    route: "POST /documents/text",
    kind: "answer",
    answer: { status: 500, body: { detail: "the server takes no seahorses" } },
    holding: "seahorses",
    times: Number.POSITIVE_INFINITY,
  });
  await world.run("seagrass");
}
