import { expect, test } from "vitest";
import { ConnectorError } from "../../../../kernel/errors/connector-error.ts";
import type { EmbeddingModel } from "../models/models.ts";
import { RefusedTexts, TolerantEmbedding } from "./tolerant-models.ts";

test("a model that goes away after it has refused one text is away, and no other text counts as refused", async () => {
  let isAway = false;
  const away = new ConnectorError("MODEL_UNREACHABLE", "away");
  const model: EmbeddingModel = {
    id: "m",
    dimension: 1,
    embed: async (texts) => {
      if (isAway) throw away;
      if (!texts.some((text) => text.includes("poison"))) return texts.map(() => new Float32Array([1]));
      throw new ConnectorError("MODEL_SERVER_ERROR", "500");
    },
  };
  const refused = new RefusedTexts(async () => {
    if (isAway) throw away;
    isAway = true;
  });
  const texts = ["A\npoison", ...Array.from({ length: 7 }, (_, n) => `N${n}\ntext`)];
  const embedded = new TolerantEmbedding(model, refused).embed(texts, new AbortController().signal);
  await expect(embedded).rejects.toBe(away);
  expect(refused.errors).toEqual([]);
});
