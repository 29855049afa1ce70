"""Prometheus scrapes a service and its broker; each expression of the alerts and of the dashboard must have data."""

import json
import os
import pathlib
import re
import shutil
import socket
import subprocess
import time
import urllib.parse
import urllib.request

import yaml

from service import RUN, Service, eventually

ROOT = pathlib.Path(__file__).parents[2]
RULES = ROOT / "docs/prometheus-rules.yml"
DASHBOARD = ROOT / "docker/grafana/speechbus.json"


def samples(service):
    found = {}
    for line in service.get("/metrics")[1].decode().splitlines():
        if line and not line.startswith("#"):
            name, _, number = line.rpartition(" ")
            found[name] = float(number)
    return found


def expressions():
    """Name and expression, without the comparison of an alert: data must exist while no alert fires."""
    for group in yaml.safe_load(RULES.read_text())["groups"]:
        for rule in group["rules"]:
            yield f"alert {rule['alert']}", re.sub(r"\s*(==|>|<)\s*[0-9.e]+\s*$", "", rule["expr"].strip())
    if DASHBOARD.exists():
        for panel in json.loads(DASHBOARD.read_text())["panels"]:
            for target in panel.get("targets", []):
                text = target["expr"].replace("$__rate_interval", "1m").replace("$job", "speechbus")
                yield f"panel {panel['title']}", text.replace('"$instance"', '".*"')


class Prometheus:
    def __init__(self, targets):
        folder = pathlib.Path(RUN) / "prometheus"
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        jobs = [
            {"job_name": name, "metrics_path": path, "static_configs": [{"targets": [target]}]}
            for name, (target, path) in targets.items()]
        config = {
            "global": {"scrape_interval": "1s", "evaluation_interval": "1s"}, "rule_files": [str(RULES)],
            "scrape_configs": jobs}
        (folder / "prometheus.yml").write_text(yaml.safe_dump(config))
        self.log = open(folder / "log", "wb")
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        self.url = f"http://127.0.0.1:{port}"
        self.process = subprocess.Popen(
            ["prometheus", f"--config.file={folder}/prometheus.yml", f"--storage.tsdb.path={folder}/data",
             f"--web.listen-address=127.0.0.1:{port}"], stdout=self.log, stderr=self.log)

    def ask(self, path, **query):
        try:
            with urllib.request.urlopen(f"{self.url}{path}?{urllib.parse.urlencode(query)}", timeout=30) as response:
                return json.load(response)["data"]
        except OSError:
            return None

    def values(self, expression):
        return self.ask("/api/v1/query", query=expression)["result"]

    def stop(self):
        self.process.terminate()
        self.process.wait(30)


def check(part):
    model = pathlib.Path(RUN) / "late-model"
    # Without its model the service refuses requests, which the alert about failures counts.
    service = Service("monitored", waits=False, XTTS_MODEL_DIR=str(model), SPEECHBUS_START="wait", HF_HUB_OFFLINE="1")
    prometheus = Prometheus({
        "speechbus": (f"127.0.0.1:{service.port}", "/metrics"),
        "rabbitmq": (f"127.0.0.1:{os.environ['STACK_BROKER_METRICS']}", "/metrics/per-object")})
    try:
        eventually("a refused request", lambda: service.post({"text": "Hi."})[0] == 503)
        model.symlink_to(os.environ["STACK_MODEL"])
        service.wait()
        targets = eventually("all targets up", lambda: (found := prometheus.ask("/api/v1/targets")) and all(
            target["health"] == "up" for target in found["activeTargets"]) and found["activeTargets"])
        end = time.time() + 12
        while time.time() < end:
            service.ask({"text": "One more request.", "user_id": "ada"})
            service.post({"text": "One more request."})
        part("Prometheus: scrapes the service and the broker", lambda: f"{len(targets)} targets up")
        part("Prometheus: the alert rules are loaded and none is broken", lambda: rules(prometheus))
        for name, expression in expressions():
            part(f"PromQL: {name}", lambda: answered(prometheus, expression))
    finally:
        prometheus.stop()
        service.stop()


def rules(prometheus):
    found = [rule for group in prometheus.ask("/api/v1/rules")["groups"] for rule in group["rules"]]
    broken = [rule["name"] for rule in found if rule["health"] != "ok"]
    assert found and not broken, broken
    return f"{len(found)} rules"


def answered(prometheus, expression):
    results = prometheus.values(expression)
    assert results, f"no data: {expression}"
    numbers = [float(result["value"][1]) for result in results]
    assert any(number == number for number in numbers), f"not a number: {expression}"
    return f"{len(results)} series, {min(numbers):.4g} to {max(numbers):.4g}"
