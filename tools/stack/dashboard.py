"""Writes docker/grafana/speechbus.json, the dashboard. Run it after a change: `python3 tools/stack/dashboard.py`."""

import json
import pathlib

PATH = pathlib.Path(__file__).parents[2] / "docker/grafana/speechbus.json"
SOURCE = {"type": "prometheus", "uid": "prometheus"}
WORKERS = 'job=~"$job"'


def quantile(share, metric):
    return f'histogram_quantile({share}, sum by (le) (rate({metric}_bucket{{{WORKERS}}}[$__rate_interval])))'


def row(y, *panels):
    width = 24 // len(panels)
    for place, (title, unit, description, kind, targets) in enumerate(panels):
        field = {"unit": unit, "min": 0}
        yield {
            "title": title, "description": description, "type": kind, "datasource": SOURCE,
            "gridPos": {"x": place * width, "y": y, "w": width, "h": 8},
            "fieldConfig": {"defaults": field, "overrides": []},
            "options": {"legend": {"displayMode": "list", "placement": "bottom"}} if kind == "timeseries" else {},
            "targets": [
                {"refId": chr(65 + number), "expr": expression, "legendFormat": legend, "datasource": SOURCE}
                for number, (expression, legend) in enumerate(targets)]}


ROWS = [
    [
        ("Queue", "short", "Requests in tts.synthesize that wait for a worker, and those that workers hold.", "timeseries", [
            ('sum(rabbitmq_queue_messages_ready{queue="tts.synthesize"})', "waiting in the queue"),
            ('sum(rabbitmq_queue_messages_unacked{queue="tts.synthesize"})', "held by workers"),
            (f"sum(speechbus_sequences_waiting{{{WORKERS}}})", "segments that wait for a slot")]),
        ("First audio", "s", "Seconds from receipt to the first audio: the wait of a listener.", "timeseries", [
            (quantile(0.5, "speechbus_first_audio_seconds"), "half of the requests"),
            (quantile(0.95, "speechbus_first_audio_seconds"), "95 %")]),
        ("Real-time factor", "short", "Seconds of work per second of audio. Above 1, a stream stutters.", "timeseries", [
            (f"sum(rate(speechbus_real_time_factor_sum{{{WORKERS}}}[$__rate_interval])) / "
             f"sum(rate(speechbus_real_time_factor_count{{{WORKERS}}}[$__rate_interval]))", "mean"),
            (quantile(0.95, "speechbus_real_time_factor"), "95 %")]),
    ],
    [
        ("Requests", "reqps", "Finished requests per second, by outcome: ok or the error code.", "timeseries", [
            (f"sum by (outcome) (rate(speechbus_requests_total{{{WORKERS}}}[$__rate_interval]))", "{{outcome}}")]),
        ("Failures of the service", "percentunit", "Share of requests that failed because of the service.", "timeseries", [
            (f'sum(rate(speechbus_requests_total{{{WORKERS},outcome=~"internal|model_unavailable"}}[$__rate_interval])) / '
             f"sum(rate(speechbus_requests_total{{{WORKERS}}}[$__rate_interval]))", "failed")]),
        ("Retries and dead letters", "short", "Per hour. Dead letters need a person.", "timeseries", [
            (f"sum(increase(speechbus_retries_total{{{WORKERS}}}[1h]))", "retries"),
            (f"sum(increase(speechbus_dead_letters_total{{{WORKERS}}}[1h]))", "dead letters"),
            (f"sum(increase(speechbus_redeliveries_total{{{WORKERS}}}[1h]))", "redeliveries")]),
    ],
    [
        ("Slots in use per worker", "percentunit", "1: no slot is free, and requests wait.", "timeseries", [
            (f"speechbus_slots_in_use{{{WORKERS}}} / speechbus_slots{{{WORKERS}}}", "{{instance}}")]),
        ("Audio per worker", "short", "Seconds of audio per second.", "timeseries", [
            (f"rate(speechbus_audio_seconds_total{{{WORKERS}}}[$__rate_interval])", "{{instance}}")]),
        ("Decode step per worker", "s", "Mean seconds. A throttled or shared machine shows here first.", "timeseries", [
            (f"rate(speechbus_decode_step_seconds_sum{{{WORKERS}}}[$__rate_interval]) / "
             f"rate(speechbus_decode_step_seconds_count{{{WORKERS}}}[$__rate_interval])", "{{instance}}")]),
    ],
    [
        ("Memory per worker", "bytes", "Resident memory. Flat after the warm-up.", "timeseries", [
            (f"process_resident_memory_bytes{{{WORKERS}}}", "{{instance}}")]),
        ("Processor per worker", "short", "Cores in use.", "timeseries", [
            (f"rate(process_cpu_seconds_total{{{WORKERS}}}[$__rate_interval])", "{{instance}}")]),
        ("Versions", "short", "Workers per version and commit.", "table", [
            (f"count by (version, commit) (speechbus_build_info{{{WORKERS}}})", "{{version}} {{commit}}")]),
    ],
]

dashboard = {
    "uid": "speechbus", "title": "speechbus", "tags": ["speechbus"], "schemaVersion": 39, "refresh": "30s",
    "time": {"from": "now-1h", "to": "now"}, "timezone": "browser",
    "templating": {"list": [{
        "name": "job", "label": "Job", "type": "query", "datasource": SOURCE, "refresh": 2,
        "query": "label_values(speechbus_slots, job)", "current": {"text": "speechbus", "value": "speechbus"}}]},
    "panels": [panel for place, panels in enumerate(ROWS) for panel in row(place * 8, *panels)]}
for number, panel in enumerate(dashboard["panels"], 1):
    panel["id"] = number
PATH.write_text(json.dumps(dashboard, indent=2) + "\n")
