import { type PtySession, startOnPty } from "./pty.ts";

/** Starts `init` on a terminal and answers until it asks for LightRAG: the Memory API is down, its context is `CTX9`. */
export async function startInitAskingForLightRag(
  folder: string,
  ...options: readonly string[]
): Promise<PtySession> {
  const session = startOnPty(["init", ...options], { cwd: folder });
  await session.shows("Its number or name");
  session.type("\r");
  await session.shows("Address of the Memory API");
  session.type("http://127.0.0.1:1\r\rCTX9\r");
  await session.shows("SOURCE_UNREACHABLE");
  await session.shows("Change these answers?");
  session.type("\r");
  await session.shows("Is there a LightRAG server?");
  return session;
}
