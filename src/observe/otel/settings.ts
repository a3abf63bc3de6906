import { resolve } from "node:path";
import * as z from "zod";
import { metadata } from "../../kernel/settings/metadata.ts";
import { duration, httpUrl, path, text } from "../../kernel/settings/types.ts";
import { problemOfHeaders, problemOfPairs, readPairs } from "./pairs.ts";

const pairs = (problemOf: (text: string) => string | null) =>
  z
    .string()
    .trim()
    .superRefine((value, context) => {
      const message = problemOf(value);
      if (message !== null) context.addIssue({ code: "custom", message });
    })
    .meta({ title: "pairs" });

const endpoint = () =>
  httpUrl().refine((url) => !/\/v1\/(traces|metrics|logs)\/?$/u.test(URL.parse(url)?.pathname ?? ""), {
    error: "must be the address above /v1/traces and /v1/metrics, for example http://localhost:4318",
  });

const traces = z.strictObject({
  enabled: z.boolean().prefault(true).register(metadata, {
    description:
      "Send traces: a run with its phases, each request of them, calls of models, the API's requests.",
  }),
  sample_ratio: z.number().min(0).max(1).prefault(1).register(metadata, {
    description:
      "Share of the traces that are sent, from 0 to 1, each of them whole. A caller of the API that has a trace of its own decides for its request.",
  }),
});

const metrics = z.strictObject({
  enabled: z
    .boolean()
    .prefault(true)
    .register(metadata, { description: "Send the metrics of `/metrics`, under the same names." }),
  interval: duration({ minMs: 1000, maxMs: 86_400_000 })
    .prefault(60)
    .register(metadata, { description: "How often." }),
});

export const otelSettings = z.strictObject({
  enabled: z.boolean().prefault(true).register(metadata, { description: "Send anything." }),
  endpoint: endpoint().prefault("http://localhost:4318").register(metadata, {
    description:
      "Address of a collector that takes OTLP over HTTP as Protobuf; `/v1/traces` and `/v1/metrics` follow it.",
    example: "http://localhost:4318",
    env: "OTEL_EXPORTER_OTLP_ENDPOINT",
  }),
  headers: pairs(problemOfHeaders).optional().register(metadata, {
    description:
      "Headers that the collector wants, as `name=value,name=value`; special characters in values percent-encoded.",
    example: `\${OTLP_HEADERS}`,
    secret: true,
    belongsTo: "endpoint",
    env: "OTEL_EXPORTER_OTLP_HEADERS",
  }),
  ca: path().optional().register(metadata, {
    description:
      "PEM file of the certificate authority of a collector with a private certificate; trusted besides the public ones.",
    example: "./private-ca.pem",
  }),
  timeout: duration({ maxMs: 300_000 }).prefault(10).register(metadata, {
    description: "Time limit of one delivery, further attempts included.",
  }),
  service_name: text().prefault("memory-connector").register(metadata, {
    description: "Name of this service, `service.name`.",
    env: "OTEL_SERVICE_NAME",
  }),
  resource_attributes: pairs(problemOfPairs).optional().register(metadata, {
    description:
      "What else is said of this service in all that is sent, as `name=value,name=value`; special characters in values percent-encoded.",
    example: "deployment.environment.name=production,service.namespace=memories",
    env: "OTEL_RESOURCE_ATTRIBUTES",
  }),
  traces: traces.prefault({}).register(metadata, { description: "Traces." }),
  metrics: metrics.prefault({}).register(metadata, { description: "Metrics." }),
});

/** Null where nothing is to be sent. */
export function toOtelConfig(settings: z.output<typeof otelSettings> | undefined, folder: string) {
  if (settings === undefined || !settings.enabled) return null;
  const { endpoint, headers = "", ca, resource_attributes: attributes = "", traces, metrics } = settings;
  return {
    endpoint,
    headers: readPairs(headers),
    ca: ca === undefined ? null : resolve(folder, ca),
    timeoutMs: settings.timeout,
    serviceName: settings.service_name,
    resourceAttributes: readPairs(attributes),
    /** Null: none are sent. */
    traces: traces.enabled ? { sampleRatio: traces.sample_ratio } : null,
    metrics: metrics.enabled ? { intervalMs: metrics.interval } : null,
  };
}

export type OtelConfig = NonNullable<ReturnType<typeof toOtelConfig>>;
