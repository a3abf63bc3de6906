{{- define "memory-connector.fullname" -}}
{{- if contains .Chart.Name .Release.Name -}}
{{- .Release.Name | trunc 52 | trimSuffix "-" -}}
{{- else -}}
{{- printf "%s-%s" .Release.Name .Chart.Name | trunc 52 | trimSuffix "-" -}}
{{- end -}}
{{- end -}}

{{- define "memory-connector.selector" -}}
app.kubernetes.io/name: {{ .Chart.Name }}
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end -}}

{{- define "memory-connector.metadata" -}}
name: {{ include "memory-connector.fullname" . }}
namespace: {{ .Release.Namespace }}
labels:
  {{- include "memory-connector.selector" . | nindent 2 }}
  app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
  app.kubernetes.io/managed-by: {{ .Release.Service }}
  helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version }}
{{- end -}}

{{- define "memory-connector.image" -}}
{{- with .Values.image -}}
{{- if .digest -}}
{{ .repository }}@{{ .digest }}
{{- else -}}
{{ .repository }}:{{ .tag | default $.Chart.AppVersion }}
{{- end -}}
{{- end -}}
{{- end -}}

{{- define "memory-connector.serviceAccount" -}}
{{ .Values.serviceAccount.existingName | default (include "memory-connector.fullname" .) }}
{{- end -}}

{{/* The names under which the Service and the Ingress are called: the API refuses others. */}}
{{- define "memory-connector.hosts" -}}
{{- $name := include "memory-connector.fullname" . -}}
{{- $inNamespace := printf "%s.%s" $name .Release.Namespace -}}
{{- $own := list $name $inNamespace (printf "%s.svc" $inNamespace) (printf "%s.svc.cluster.local" $inNamespace) -}}
{{- $ingress := ternary (list .Values.ingress.host) list .Values.ingress.enabled -}}
{{- $given := ((.Values.config).api).allowed_hosts | default list -}}
{{- concat $own $ingress $given | uniq | toJson -}}
{{- end -}}

{{/* The configuration that was given, with what the chart itself decides. */}}
{{- define "memory-connector.config" -}}
{{- $given := deepCopy (.Values.config | default dict) -}}
{{- $hosts := include "memory-connector.hosts" . | fromJsonArray -}}
{{- $set := dict "api" (dict "host" "0.0.0.0" "port" 9622 "allowed_hosts" $hosts) -}}
{{- if .Values.metrics.enabled -}}
{{- $_ := set $set "monitoring" (dict "prometheus" (dict "enabled" true "port" 9623)) -}}
{{- end -}}
{{- mergeOverwrite $given $set | toYaml -}}
{{- end -}}

{{/* Fails with a sentence where something cannot work. */}}
{{- define "memory-connector.refuse" -}}
{{- if gt (int .Values.replicas) 1 -}}
{{- fail (printf "replicas: %d cannot work: the state is one SQLite file, which replicas on several machines cannot share. Use one replica; it makes up for the runs that it misses." (int .Values.replicas)) -}}
{{- end -}}
{{- if eq "false" (toString ((.Values.config).api).enabled) -}}
{{- fail "config.api.enabled: false cannot work: the probes ask the API whether the process lives. Leave it on; without a key it answers nothing else." -}}
{{- end -}}
{{- if and .Values.metrics.serviceMonitor.enabled (not .Values.metrics.enabled) -}}
{{- fail "metrics.serviceMonitor.enabled needs metrics.enabled: true, or Prometheus finds a port that nobody listens on." -}}
{{- end -}}
{{- if and .Values.ingress.enabled (not .Values.ingress.host) -}}
{{- fail "ingress.enabled needs ingress.host: the API answers only to names that it knows." -}}
{{- end -}}
{{- include "memory-connector.refusePlainSecrets" (dict "at" "config" "block" (.Values.config | default dict)) -}}
{{- end -}}

{{/* A ConfigMap is no place for a secret: everybody who may look at the namespace reads it. */}}
{{- define "memory-connector.refusePlainSecrets" -}}
{{- range $key, $value := .block -}}
{{- $at := printf "%s.%s" $.at $key -}}
{{- if kindIs "map" $value -}}
{{- include "memory-connector.refusePlainSecrets" (dict "at" $at "block" $value) -}}
{{- else if kindIs "slice" $value -}}
{{- range $index, $each := $value -}}
{{- if kindIs "map" $each -}}
{{- include "memory-connector.refusePlainSecrets" (dict "at" (printf "%s[%d]" $at $index) "block" $each) -}}
{{- end -}}
{{- end -}}
{{- else if and $value (regexMatch "(api_key|password|secret|encryption_key|webhook_url)$" $key) (not (contains "${" (toString $value))) -}}
{{- fail (printf "%s is a secret, and a ConfigMap would show it. Put it into a Secret, name that as existingSecret, and write %s: ${NAME_OF_THE_KEY}" $at $key) -}}
{{- end -}}
{{- end -}}
{{- end -}}
