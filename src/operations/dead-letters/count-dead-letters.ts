import * as z from "zod";
import { findDeadMedia } from "../../sync/maintenance/dead-media.ts";
import { operation } from "../operation.ts";
import { countSchema } from "../runs/run-json.ts";

export const countDeadLetters = operation({
  name: "dead-letter.count",
  tag: "Dead letters",
  summary: "Count what will not be retried without a person, over all connectors",
  details: "Cheap enough to be asked after every event.",
  access: "viewer",
  input: z.strictObject({}),
  output: z.strictObject({
    memories: countSchema,
    media: countSchema.describe("audio and pictures that their model could not read"),
  }),
  errors: [],
  run: async ({ services: { state, connectors } }) => {
    const total = { memories: 0, media: 0 };
    for (const { id } of connectors.configs()) {
      total.memories += (await state.countRows(id)).dead;
      total.media += (await findDeadMedia(state, id, {})).length;
    }
    return total;
  },
});
