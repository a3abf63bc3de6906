import { plural } from "../../../../kernel/util/readable.ts";
import type { DirectModels } from "./models.ts";

/** Asks each model something small. Says for people which ones answered. Throws `MODEL_*`. */
export async function checkModels(
  { embedding, extraction, chat }: DirectModels,
  signal: AbortSignal,
): Promise<string> {
  await embedding.embed(["memory"], signal);
  if (chat !== undefined) {
    await chat.complete([{ role: "user", content: "Answer with the word yes." }], {}, signal);
  }
  const reader = extraction ?? chat;
  return `${reader.id} reads texts, ${embedding.id} turns them into vectors of ${plural(embedding.dimension, "number")}`;
}
