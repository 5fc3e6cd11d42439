{{- define "radiant.name" -}}
{{- if contains .Chart.Name .Release.Name -}}
{{- .Release.Name | trunc 50 | trimSuffix "-" -}}
{{- else -}}
{{- printf "%s-%s" .Release.Name .Chart.Name | trunc 50 | trimSuffix "-" -}}
{{- end -}}
{{- end -}}

{{- define "radiant.labels" -}}
{{ include "radiant.selector" . }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version }}
{{- end -}}

{{- define "radiant.selector" -}}
app.kubernetes.io/name: {{ .Chart.Name }}
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end -}}

{{- define "radiant.pod" -}}
automountServiceAccountToken: false
# A service named radiant would set RADIANT_PORT to tcp://…, which is a setting of ours.
enableServiceLinks: false
securityContext:
  runAsNonRoot: true
  runAsUser: 10001
  runAsGroup: 10001
  fsGroup: 10001
  seccompProfile:
    type: RuntimeDefault
{{- with .Values.imagePullSecrets }}
imagePullSecrets:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .Values.nodeSelector }}
nodeSelector:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .Values.tolerations }}
tolerations:
  {{- toYaml . | nindent 2 }}
{{- end }}
volumes:
  - name: temporary
    emptyDir:
      sizeLimit: 256Mi
{{- end -}}

{{- define "radiant.container" -}}
image: {{ printf "%s:%s" .Values.image.repository (.Values.image.tag | default .Chart.AppVersion) | quote }}
imagePullPolicy: {{ .Values.image.pullPolicy }}
securityContext:
  allowPrivilegeEscalation: false
  readOnlyRootFilesystem: true
  capabilities:
    drop: [ALL]
volumeMounts:
  - name: temporary
    mountPath: /tmp
{{- end -}}

{{/* The address of the database, if it is a value: said here and not by the schema, which would print it. */}}
{{- define "radiant.url" -}}
{{- if not (regexMatch "^postgres(ql)?://" .) -}}
{{- fail "`database.url` is no postgresql:// address" -}}
{{- end -}}
{{- if regexMatch "(^[^/]*//[^?]*:[^?]*@)|([?&](ssl)?password=)" . -}}
{{- fail "`database.url` has a password; it belongs into the Secret that `existingSecret` names, as `database-url`" -}}
{{- end -}}
{{- . -}}
{{- end -}}

{{/* Called with the chart and the key of the Secret that has the address of the database. */}}
{{- define "radiant.environment" -}}
- name: RADIANT_HOME
  value: /tmp/radiant
- name: RADIANT_DATABASE_URL
{{- if and .chart.Values.database.url (not .own) }}
  value: {{ include "radiant.url" .chart.Values.database.url | quote }}
{{- else }}
  valueFrom:
    secretKeyRef:
      name: {{ .chart.Values.existingSecret }}
      key: {{ .own | default "database-url" }}
{{- end }}
{{- if .chart.Values.database.iam }}
- name: RADIANT_DATABASE_IAM
  value: "true"
{{- end }}
{{- range $name, $value := .chart.Values.settings }}
- name: {{ $name }}
  value: {{ $value | quote }}
{{- end }}
{{- end -}}

{{- define "radiant.tokens" -}}
- name: RADIANT_ADMIN_TOKEN
  valueFrom:
    secretKeyRef:
      name: {{ .Values.existingSecret }}
      key: admin-token
- name: RADIANT_READER_TOKEN
  valueFrom:
    secretKeyRef:
      name: {{ .Values.existingSecret }}
      key: reader-token
{{- end -}}

{{- define "radiant.spread" -}}
topologySpreadConstraints:
  - maxSkew: 1
    topologyKey: kubernetes.io/hostname
    whenUnsatisfiable: ScheduleAnyway
    labelSelector:
      matchLabels:
        {{- include "radiant.selector" .chart | nindent 8 }}
        app.kubernetes.io/component: {{ .part }}
{{- end -}}
