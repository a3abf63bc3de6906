import type { ConnectorConfig, LightRagConfig, SourceConfig } from "./config.ts";

/** The connector's settings for an interactive check: no retries, and timeouts of at most `patienceMs`. */
export function failFast(connector: ConnectorConfig, patienceMs: number): ConnectorConfig {
  const { source, lightrag } = connector;
  return {
    ...connector,
    source: failFastSource(source, patienceMs),
    lightrag: failFastSink(lightrag, patienceMs),
  };
}

/** A source without a server has no timeouts. */
function failFastSource(source: SourceConfig, patienceMs: number): SourceConfig {
  if (!("timeoutMs" in source)) return source;
  return { ...source, timeoutMs: Math.min(source.timeoutMs, patienceMs), maxRetries: 0 };
}

function failFastSink(lightrag: LightRagConfig, patienceMs: number): LightRagConfig {
  if (lightrag.mode === "api") {
    const timeoutMs = Math.min(lightrag.api.timeoutMs, patienceMs);
    return { ...lightrag, api: { ...lightrag.api, timeoutMs, maxRetries: 0 } };
  }
  const { llm, embedding } = lightrag.direct;
  const once = <Model extends typeof llm | typeof embedding>(model: Model): Model =>
    model.provider !== "openai-compatible"
      ? model
      : { ...model, retries: 0, timeoutMs: Math.min(model.timeoutMs, patienceMs) };
  return { ...lightrag, direct: { ...lightrag.direct, llm: once(llm), embedding: once(embedding) } };
}
