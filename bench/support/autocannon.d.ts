/** What of autocannon the benches use; it has no types of its own. */
declare module "autocannon" {
  import type { EventEmitter } from "node:events";

  interface Options {
    url: string;
    connections: number;
    /** Requests a second over all connections. */
    overallRate: number;
    /** Seconds. */
    duration: number;
    headers: Readonly<Record<string, string>>;
    requests: readonly { path: string }[];
  }

  interface Instance extends EventEmitter, Promise<{ errors: number; non2xx: number }> {
    on(
      event: "response",
      listener: (client: unknown, status: number, bytes: number, responseTimeMs: number) => void,
    ): this;
    stop(): void;
  }

  export default function autocannon(options: Options): Instance;
}
