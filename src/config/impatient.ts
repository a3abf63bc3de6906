import type { ConnectorConfig, LightRagConfig } from "./config.ts";

/** The connector for somebody who waits for the answer: each request is made once, and not for long. Milliseconds. */
export function impatient(connector: ConnectorConfig, patienceMs: number): ConnectorConfig {
  const { memoryApi, lightrag } = connector;
  const timeoutMs = Math.min(memoryApi.timeoutMs, patienceMs);
  return {
    ...connector,
    memoryApi: { ...memoryApi, timeoutMs, maxRetries: 0 },
    lightrag: impatientSink(lightrag, patienceMs),
  };
}

function impatientSink(lightrag: LightRagConfig, patienceMs: number): LightRagConfig {
  if (lightrag.mode === "api") {
    const timeoutMs = Math.min(lightrag.api.timeoutMs, patienceMs);
    return { ...lightrag, api: { ...lightrag.api, timeoutMs, maxRetries: 0 } };
  }
  const { llm, embedding } = lightrag.direct;
  const once = <Model extends typeof llm | typeof embedding>(model: Model): Model =>
    model.provider === "builtin"
      ? model
      : { ...model, retries: 0, timeoutMs: Math.min(model.timeoutMs, patienceMs) };
  return { ...lightrag, direct: { ...lightrag.direct, llm: once(llm), embedding: once(embedding) } };
}
