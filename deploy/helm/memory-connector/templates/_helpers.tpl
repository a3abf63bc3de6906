{{- define "memory-connector.fullname" -}}
{{- if contains .Chart.Name .Release.Name -}}
{{- .Release.Name | trunc 52 | trimAll "-" -}}
{{- else -}}
{{- printf "%s-%s" .Release.Name .Chart.Name | trunc 52 | trimAll "-" -}}
{{- end -}}
{{- end -}}

{{- define "memory-connector.selector" -}}
app.kubernetes.io/name: {{ .Chart.Name }}
app.kubernetes.io/instance: {{ .Release.Name | quote }}
{{- end -}}

{{- define "memory-connector.metadata" -}}
name: {{ include "memory-connector.fullname" . }}
namespace: {{ .Release.Namespace | quote }}
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
{{- $host := (($given).api).host | default "0.0.0.0" -}}
{{- $set := dict "api" (dict "host" $host "port" 9622 "allowed_hosts" $hosts) -}}
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
{{- $name := include "memory-connector.fullname" . -}}
{{- if not (regexMatch "^[a-z][-a-z0-9]*$" $name) -}}
{{- fail (printf "the release %s cannot be called so: its Service would be %s, and the name of a Service begins with a letter and has no dot." .Release.Name $name) -}}
{{- end -}}
{{- if and .Values.metrics.serviceMonitor.enabled (not .Values.metrics.enabled) -}}
{{- fail "metrics.serviceMonitor.enabled needs metrics.enabled: true, or Prometheus finds a port that nobody listens on." -}}
{{- end -}}
{{- if and .Values.ingress.enabled (not .Values.ingress.host) -}}
{{- fail "ingress.enabled needs ingress.host: the API answers only to names that it knows." -}}
{{- end -}}
{{- include "memory-connector.refuseListeners" . -}}
{{- include "memory-connector.refuseOwnNames" . -}}
{{- include "memory-connector.refusePlainSecrets" (dict "at" "config" "block" (.Values.config | default dict)) -}}
{{- range .Values.extraEnv -}}
{{- $remedy := "Take it from a Secret: existingSecret, or valueFrom in the place of value." -}}
{{- include "memory-connector.refusePlainSecret" (dict "at" (printf "%s in extraEnv" .name) "key" .name "value" .value "object" "StatefulSet" "remedy" $remedy) -}}
{{- end -}}
{{- end -}}

{{/* Probes, Service and NetworkPolicy know two ports: what the configuration says of them must be the same. */}}
{{- define "memory-connector.refuseListeners" -}}
{{- $api := (.Values.config).api | default dict -}}
{{- $prometheus := ((.Values.config).monitoring).prometheus | default dict -}}
{{- if eq "false" (toString $api.enabled) -}}
{{- fail "config.api.enabled: false cannot work: the probes ask the API whether the process lives. Leave it on; without a key it answers nothing else." -}}
{{- end -}}
{{- if and $api.host (not (has $api.host (list "0.0.0.0" "::"))) -}}
{{- fail (printf "config.api.host: %s cannot work: probes and Service call the pod by its address. Leave it out, or write \"::\" where there is IPv6 only." $api.host) -}}
{{- end -}}
{{- if and $api.port (ne 9622 (int $api.port)) -}}
{{- fail (printf "config.api.port: %v cannot work: probes and Service ask port 9622. Leave it out; service and ingress say where it is reached." $api.port) -}}
{{- end -}}
{{- if and $prometheus.port (ne 9623 (int $prometheus.port)) -}}
{{- fail (printf "config.monitoring.prometheus.port: %v cannot work: Service and ServiceMonitor ask port 9623. Leave it out." $prometheus.port) -}}
{{- end -}}
{{- if and (hasKey $prometheus "enabled") (ne (toString $prometheus.enabled) (toString .Values.metrics.enabled)) -}}
{{- fail (printf "config.monitoring.prometheus.enabled: %v contradicts metrics.enabled: %v. Leave the first out: metrics.enabled switches metrics on and opens their port." $prometheus.enabled .Values.metrics.enabled) -}}
{{- end -}}
{{- end -}}

{{/* A name that stands twice in one object has whichever value Kubernetes takes. */}}
{{- define "memory-connector.refuseOwnNames" -}}
{{- $given := dict "podLabels" .Values.podLabels "podAnnotations" .Values.podAnnotations "metrics.serviceMonitor.labels" .Values.metrics.serviceMonitor.labels -}}
{{- $own := keys (include "memory-connector.metadata" . | fromYaml).labels | concat (list "checksum/config") -}}
{{- range $at, $names := $given -}}
{{- range $name, $_ := $names -}}
{{- if has $name $own -}}
{{- fail (printf "%s: %s is set by the chart itself. Use a name of your own." $at $name) -}}
{{- end -}}
{{- end -}}
{{- end -}}
{{- end -}}

{{/* Neither a ConfigMap nor a StatefulSet is a place for a secret: everybody who may look at the namespace reads it. */}}
{{- define "memory-connector.refusePlainSecrets" -}}
{{- range $key, $value := .block -}}
{{- $at := printf (ternary "%s[%v]" "%s.%v" (kindIs "int" $key)) $.at $key -}}
{{- if or (kindIs "map" $value) (kindIs "slice" $value) -}}
{{- include "memory-connector.refusePlainSecrets" (dict "at" $at "block" $value) -}}
{{- else -}}
{{- $remedy := printf "Put it into a Secret, name that as existingSecret, and write %s: ${NAME_OF_THE_KEY}" $at -}}
{{- include "memory-connector.refusePlainSecret" (dict "at" $at "key" (toString $key) "value" $value "object" "ConfigMap" "remedy" $remedy) -}}
{{- end -}}
{{- end -}}
{{- end -}}

{{/* By its name, or as the password in an address. The default of a variable is as plain as a value. */}}
{{- define "memory-connector.refusePlainSecret" -}}
{{- $value := toString (.value | default "") -}}
{{- $byName := regexMatch "(?i)(api_key|password|secret|token|encryption_key|webhook_url|headers)$" .key -}}
{{- $plain := or (not (regexMatch `\$[{(]` $value)) (regexMatch ":-[^}$]" $value) -}}
{{- $inAddress := regexMatch "://[^/@ ]*:[^/@ ${}][^/@ ]*@" $value -}}
{{- if and $value (or (and $byName $plain) $inAddress) -}}
{{- fail (printf "%s is a secret, and a %s would show it. %s" .at .object .remedy) -}}
{{- end -}}
{{- end -}}
