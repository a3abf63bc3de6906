import { renderJsonSchema } from "./json-schema.ts";

type Schema = Readonly<Record<string, unknown>>;

const text = { type: "string" };
const flag = { type: "boolean" };
/** Kubernetes checks these itself, each version by its own rules. */
const kubernetesObject = { type: "object" };
const kubernetesList = { type: "array", items: { type: "object" } };
const texts = { type: "object", additionalProperties: text };

/**
 * Nothing but these keys: a slip of the hand is told before anything is installed. `required` have defaults that the templates cannot do
 * without; `null` takes a default away.
 */
const block = (properties: Record<string, Schema>, required: readonly string[] = []): Schema => ({
  type: "object",
  additionalProperties: false,
  properties,
  required,
});

const oneOf = (...values: string[]): Schema => ({ type: "string", enum: values });
const matching = (pattern: string): Schema => ({ type: "string", pattern });
const wholeNumber = (minimum: number): Schema => ({ type: "integer", minimum });

const quantity = String.raw`^[0-9]+(\.[0-9]+)?([KMGTPE]i?|[kmun])?$`;
const quantities = {
  type: "object",
  additionalProperties: { type: ["string", "number"], pattern: quantity },
};
/** With a unit: a number alone would be bytes. */
const size = matching(String.raw`^[0-9]+(\.[0-9]+)?[KMGTPE]i?$`);
const duration = matching("^([0-9]+(ms|[smhd]))+$");
const objectName = matching("^([a-z0-9]([-.a-z0-9]*[a-z0-9])?)?$");

/** Values of the chart but for the configuration; deploy/helm/memory-connector/values.yaml explains them. */
const properties: Record<string, Schema> = {
  existingSecret: objectName,
  existingSecretFiles: objectName,
  extraEnv: {
    type: "array",
    items: block({ name: matching("^[^= ]+$"), value: text, valueFrom: kubernetesObject }, ["name"]),
  },
  image: block(
    {
      repository: matching("^[^:@A-Z ]+(:[0-9]+/[^:@A-Z ]+)?$"),
      tag: matching(String.raw`^([\w][\w.-]{0,127})?$`),
      digest: matching("^(sha256:[0-9a-f]{64})?$"),
      pullPolicy: oneOf("Always", "IfNotPresent", "Never"),
    },
    ["repository", "pullPolicy"],
  ),
  imagePullSecrets: kubernetesList,
  replicas: wholeNumber(0),
  persistence: block(
    {
      size,
      storageClassName: objectName,
      accessModes: {
        type: "array",
        minItems: 1,
        items: oneOf("ReadWriteOnce", "ReadWriteOncePod", "ReadWriteMany"),
      },
      existingClaim: objectName,
    },
    ["size", "accessModes"],
  ),
  service: block({ type: oneOf("ClusterIP", "NodePort", "LoadBalancer"), annotations: texts }, ["type"]),
  ingress: block({
    enabled: flag,
    className: text,
    annotations: texts,
    host: objectName,
    tlsSecret: objectName,
  }),
  metrics: block(
    { enabled: flag, serviceMonitor: block({ enabled: flag, interval: duration, labels: texts }) },
    ["serviceMonitor"],
  ),
  networkPolicy: block({ enabled: flag, from: kubernetesList, to: kubernetesList }),
  podDisruptionBudget: block({ enabled: flag, maxUnavailable: { type: "integer", minimum: 0, maximum: 1 } }, [
    "maxUnavailable",
  ]),
  serviceAccount: block({ existingName: objectName }),
  resources: block({ requests: quantities, limits: quantities, claims: kubernetesList }),
  terminationGracePeriodSeconds: wholeNumber(1),
  podSecurityContext: kubernetesObject,
  securityContext: kubernetesObject,
  podLabels: texts,
  podAnnotations: texts,
  nodeSelector: texts,
  tolerations: kubernetesList,
  affinity: kubernetesObject,
  priorityClassName: objectName,
  // Helm itself gives these to a chart that is part of another.
  global: kubernetesObject,
};

/** Blocks and numbers that the templates look into. */
const required = [
  "image",
  "replicas",
  "persistence",
  "service",
  "ingress",
  "metrics",
  "networkPolicy",
  "podDisruptionBudget",
  "serviceAccount",
  "terminationGracePeriodSeconds",
];

/** The schema by which helm checks values: what the configuration may be is checked as strictly as in a file. */
export function renderChartSchema(): string {
  const { $schema, ...config } = JSON.parse(renderJsonSchema());
  const schema = {
    $schema,
    title: "Values of the chart memory-connector",
    ...block({ config, ...properties }, required),
  };
  return `${JSON.stringify(schema, null, 2)}\n`;
}
