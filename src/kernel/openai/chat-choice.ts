import { z } from "zod";
import { ConnectorError } from "../errors/connector-error.ts";
import { unusableAnswer } from "./openai-error.ts";

const answerSchema = z.object({
  choices: z
    .array(
      z.object({
        message: z.object({ content: z.string().nullish(), refusal: z.string().nullish().catch(null) }),
        finish_reason: z.string().nullish(),
      }),
    )
    .min(1),
});

/** The answer of a model; "" when it is empty. */
export interface Choice {
  text: string;
  /** It stopped at its length limit. */
  truncated: boolean;
}

/**
 * Reads the first choice of a chat completion. Throws `MODEL_REQUEST_REFUSED` when the model or its content filter refused, and
 * `MODEL_ANSWER_UNUSABLE` when there is no choice.
 */
export function readChoice(body: unknown, model: string): Choice {
  const choice = answerSchema.safeParse(body).data?.choices[0];
  if (choice === undefined) throw unusableAnswer(model, "gave no choice in its answer");
  const { message, finish_reason: reason } = choice;
  const text = message.content ?? "";
  if (reason === "content_filter") throw refused(model, "stopped at its content filter");
  if (text.trim() === "" && message.refusal) throw refused(model, "would not answer");
  if (reason === "error") throw unusableAnswer(model, "broke off with an error that it does not name");
  return { text, truncated: reason === "length" };
}

function refused(model: string, what: string): ConnectorError {
  return new ConnectorError("MODEL_REQUEST_REFUSED", `${model} ${what}`, { subject: model });
}
