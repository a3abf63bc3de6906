import { isConnectorError } from "../../../kernel/errors/connector-error.ts";
import type { Clock } from "../../../kernel/util/clock.ts";
import { toSinkError } from "./errors.ts";
import type { Session } from "./session.ts";

/** Generous for a slow model, but bounded for a question of a few words. Milliseconds. */
const answerTimeoutMs = 60_000;

/**
 * Whether the server's models answer: false when a question of a few words fails, for which both generations call the chat and the
 * embedding model (LightRAG contract §6); null when unknown. The question contains the hour, so that LightRAG does not answer from
 * its cache.
 */
export async function modelsAnswer(
  session: Session,
  clock: Clock,
  signal: AbortSignal,
): Promise<boolean | null> {
  const query = `Does the model answer at ${new Date(clock.now()).toISOString()}?`;
  try {
    const { status } = await session.send(
      {
        method: "POST",
        path: ["query", "data"],
        json: { query, mode: "mix", top_k: 1, chunk_top_k: 1 },
        accept: (status) => status === 200 || status === 500,
        attemptTimeoutMs: answerTimeoutMs,
      },
      signal,
    );
    return status === 200;
  } catch (error) {
    signal.throwIfAborted();
    if (isConnectorError(toSinkError(error))) return null;
    throw error;
  }
}
