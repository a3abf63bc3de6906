/** Proxies end connections on which nothing happens for longer. Milliseconds. */
export const heartbeatMs = 15_000;
