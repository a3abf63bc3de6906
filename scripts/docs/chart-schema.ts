import { renderJsonSchema } from "./json-schema.ts";

type Schema = Readonly<Record<string, unknown>>;

const text = { type: "string" };
const flag = { type: "boolean" };
/** Kubernetes checks these itself, each version by its own rules. */
const kubernetesObject = { type: "object" };
const kubernetesList = { type: "array", items: { type: "object" } };
const texts = { type: "object", additionalProperties: text };

/** Nothing but these keys: a slip of the hand is told before anything is installed. */
const block = (properties: Record<string, Schema>): Schema => ({
  type: "object",
  additionalProperties: false,
  properties,
});

const oneOf = (...values: string[]): Schema => ({ type: "string", enum: values });
const matching = (pattern: string): Schema => ({ type: "string", pattern });
const wholeNumber = (minimum: number): Schema => ({ type: "integer", minimum });

const quantity = matching(String.raw`^[0-9]+(\.[0-9]+)?([KMGTPE]i?|[kmun])?$`);
const duration = matching("^([0-9]+(ms|[smhd]))+$");
const objectName = matching("^([a-z0-9]([-.a-z0-9]*[a-z0-9])?)?$");

/** Values of the chart but for the configuration; deploy/helm/memory-connector/values.yaml explains them. */
const properties: Record<string, Schema> = {
  existingSecret: objectName,
  existingSecretFiles: objectName,
  extraEnv: kubernetesList,
  image: block({
    repository: matching("^[^:@ ]+(:[0-9]+/[^:@ ]+)?$"),
    tag: matching(String.raw`^([\w][\w.-]{0,127})?$`),
    digest: matching("^(sha256:[0-9a-f]{64})?$"),
    pullPolicy: oneOf("Always", "IfNotPresent", "Never"),
  }),
  imagePullSecrets: kubernetesList,
  replicas: wholeNumber(0),
  persistence: block({
    size: quantity,
    storageClassName: objectName,
    accessModes: {
      type: "array",
      minItems: 1,
      items: oneOf("ReadWriteOnce", "ReadWriteOncePod", "ReadWriteMany"),
    },
    existingClaim: objectName,
  }),
  service: block({ type: oneOf("ClusterIP", "NodePort", "LoadBalancer"), annotations: texts }),
  ingress: block({
    enabled: flag,
    className: text,
    annotations: texts,
    host: objectName,
    tlsSecret: objectName,
  }),
  metrics: block({
    enabled: flag,
    serviceMonitor: block({ enabled: flag, interval: duration, labels: texts }),
  }),
  networkPolicy: block({ enabled: flag, from: kubernetesList, to: kubernetesList }),
  podDisruptionBudget: block({ enabled: flag, maxUnavailable: { type: "integer", minimum: 0, maximum: 1 } }),
  serviceAccount: block({ existingName: objectName }),
  resources: block({ requests: kubernetesObject, limits: kubernetesObject, claims: kubernetesList }),
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

/** The schema by which helm checks values: what the configuration may be is checked as strictly as in a file. */
export function renderChartSchema(): string {
  const { $schema, ...config } = JSON.parse(renderJsonSchema());
  const schema = {
    $schema,
    title: "Values of the chart memory-connector",
    ...block({ config, ...properties }),
  };
  return `${JSON.stringify(schema, null, 2)}\n`;
}
