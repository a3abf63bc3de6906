import type { FastifyReply, FastifyRequest } from "fastify";

/** Of a body that nobody wants; who sends more, or more slowly, may find the connection closed instead of an answer. */
const mostBytes = 16 * 1024 * 1024;
const longestMs = 5_000;

/**
 * Reads what is left of a refused body before the answer, where the connection ends with it: closed under a body that is still on its
 * way, it would be reset, and a proxy would say 502 instead of our answer. Kept-alive connections are drained behind it by Node.
 */
export async function drainBefore({ raw }: FastifyRequest, reply: FastifyReply): Promise<void> {
  if (raw.complete || raw.destroyed || reply.raw.shouldKeepAlive) return;
  await new Promise<void>((resolve) => {
    let bytes = 0;
    const timer = setTimeout(resolve, longestMs);
    raw.on("data", (part: Buffer) => {
      bytes += part.length;
      if (bytes > mostBytes) resolve();
    });
    for (const end of ["end", "close", "error"]) raw.once(end, () => resolve());
    raw.once("close", () => clearTimeout(timer));
    raw.resume();
  });
}
