import type { IncomingHttpHeaders, RequestListener, ServerResponse } from "node:http";
import { startHttpServer } from "./http-server.ts";

export interface ReceivedPost {
  path: string;
  headers: IncomingHttpHeaders;
  body: string;
}

/** What a receiver does with the next requests; after the last one it takes everything. */
export type Reaction = number | "hang" | "reset" | ((response: ServerResponse) => void);

/** A real HTTP server that keeps what is posted to it and fails as a test says. */
export async function startReceiver(...reactions: Reaction[]) {
  const posts: ReceivedPost[] = [];
  const listener: RequestListener = async (request, response) => {
    let body = "";
    for await (const chunk of request.setEncoding("utf8")) body += chunk;
    posts.push({ path: request.url ?? "", headers: request.headers, body });
    react(reactions.shift() ?? 204, response);
  };
  const server = await startHttpServer(listener);
  return { ...server, posts, reactions };
}

function react(reaction: Reaction, response: ServerResponse): void {
  if (typeof reaction === "function") reaction(response);
  else if (reaction === "reset") response.socket?.destroy();
  else if (typeof reaction === "number") response.writeHead(reaction).end();
}
