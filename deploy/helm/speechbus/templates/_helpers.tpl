{{- define "speechbus.labels" -}}
app.kubernetes.io/name: speechbus
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end -}}
{{- define "speechbus.secret" -}}
{{ .Values.existingSecret | default .Release.Name }}
{{- end -}}
{{- define "speechbus.models" -}}
{{ .Values.model.existingClaim | default (printf "%s-models" .Release.Name) }}
{{- end -}}
{{- define "speechbus.image" -}}
{{ .Values.image.repository }}:{{ .Values.image.tag }}
{{- end -}}
