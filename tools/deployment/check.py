"""Checks docker/ and the Helm chart against published schemas; `tools/check-deployment` runs it. helm.py stands in for Helm."""

import json
import pathlib
import subprocess
import sys

import compose_spec
import kubernetes_validate
import yaml
from cloudcoil.models.keda import v1alpha1 as keda

from helm import Chart

folder = pathlib.Path(__file__).parents[2] / "docker"
chart = folder.parent / "deploy/helm/speechbus"
secret = {"secret.amqpURL": "amqp://a:b@mq/", "secret.httpToken": "token", "secret.replicaKey": 64 * "a"}
# Each with the kinds that it must have, and those that it must not.
variants = {
    "defaults": (secret, {"Deployment", "Secret", "PersistentVolumeClaim", "Job", "ScaledObject", "NetworkPolicy"}, {"ServiceMonitor"}),
    "everything": (
        {**secret, "serviceMonitor.enabled": True, "settings": {"SPEECHBUS_SLOTS": "8"}, "model.storageClass": "fast",
         "otlpEndpoint": "http://collector:4318"}, {"ServiceMonitor"}, set()),
    "existing secret and model": (
        {"existingSecret": "mine", "model.existingClaim": "models", "model.download": False, "autoscaling.enabled": False,
         "networkPolicy.enabled": False},
        {"Deployment"}, {"Secret", "PersistentVolumeClaim", "Job", "ScaledObject", "NetworkPolicy"})}
failures = 0


def check(what, action):
    global failures
    try:
        action()
        print(f"ok    {what}")
    except Exception as error:  # Each library has its own; all mean that the file is wrong.
        failures += 1
        print(f"FAIL  {what}: {error}")


def kubernetes(document):
    if document["kind"] == "ServiceMonitor":
        # Its schema is in no package; the fields are those of the Prometheus operator's reference.
        endpoint, = document["spec"]["endpoints"]
        assert set(endpoint) == {"port", "interval", "authorization"} and set(endpoint["authorization"]) == {"credentials"}
    elif document["apiVersion"].startswith("keda.sh/"):
        getattr(keda, document["kind"]).model_validate(document)
    else:
        kubernetes_validate.validate(document, "1.31", strict=True)


def graceful():
    """Kubernetes and compose must wait longer than the drain takes."""
    pod = deployment(secret)["spec"]["template"]["spec"]
    drain = {entry["name"]: entry.get("value") for entry in pod["containers"][0]["env"]}["SPEECHBUS_DRAIN_SECONDS"]
    assert pod["terminationGracePeriodSeconds"] > int(drain), "terminationGracePeriodSeconds"
    worker = yaml.safe_load((folder / "compose.yaml").read_text())["services"]["worker"]
    grace = int(worker["stop_grace_period"].removesuffix("s"))
    assert grace > int(worker["environment"]["SPEECHBUS_DRAIN_SECONDS"]), "stop_grace_period"


def deployment(values):
    return next(document for _, document in Chart(chart, values=values).documents() if document["kind"] == "Deployment")


def kinds_are(kinds, present, absent):
    assert present <= kinds and not absent & kinds, kinds


def consistent():
    """Names in one document exist in the others."""
    found = {document["kind"]: document for _, document in Chart(chart, values=variants["everything"][0]).documents()}
    pod = found["Deployment"]["spec"]["template"]
    labels = pod["metadata"]["labels"]
    for kind in ("PodDisruptionBudget", "NetworkPolicy"):
        spec = found[kind]["spec"]
        assert (spec.get("selector") or spec["podSelector"])["matchLabels"] == labels, kind
    assert found["Service"]["spec"]["selector"] == labels == found["Deployment"]["spec"]["selector"]["matchLabels"]
    assert found["ServiceMonitor"]["spec"]["selector"]["matchLabels"].items() <= found["Service"]["metadata"]["labels"].items()
    ports = {port["name"] for port in pod["spec"]["containers"][0]["ports"]}
    assert {port["targetPort"] for port in found["Service"]["spec"]["ports"]} <= ports
    assert found["ServiceMonitor"]["spec"]["endpoints"][0]["port"] in {port["name"] for port in found["Service"]["spec"]["ports"]}
    claims = [volume["persistentVolumeClaim"]["claimName"] for volume in pod["spec"]["volumes"] if "persistentVolumeClaim" in volume]
    assert claims == [found["PersistentVolumeClaim"]["metadata"]["name"]]
    assert found["ScaledObject"]["spec"]["scaleTargetRef"]["name"] == found["Deployment"]["metadata"]["name"]
    keys = set(found["Secret"]["stringData"])
    assert {entry["valueFrom"]["secretKeyRef"]["key"] for entry in pod["spec"]["containers"][0]["env"]
            if "secretKeyRef" in entry.get("valueFrom", {})} <= keys


def refused(values):
    try:
        list(Chart(chart, values=values).documents())
    except Exception:
        return
    raise AssertionError("it was rendered")


def mounted():
    for service in yaml.safe_load((folder / "compose.yaml").read_text())["services"].values():
        for volume in service.get("volumes", []):
            source = volume.split(":")[0]
            if source.startswith("."):
                assert (folder / source).is_file(), source
    panels = json.loads((folder / "grafana/speechbus.json").read_text())["panels"]
    assert all(panel["title"] and panel["description"] and panel["targets"] for panel in panels)


def in_context(file):
    """Each file that a Dockerfile copies from the repository passes its .dockerignore."""
    separate = file.with_name(file.name + ".dockerignore")
    ignore = separate if separate.exists() else folder.parent / ".dockerignore"
    allowed = [line[1:] for line in ignore.read_text().splitlines() if line.startswith("!")]
    for line in file.read_text().splitlines():
        if line.startswith("COPY ") and "--from=" not in line:
            for source in line.split()[1:-1]:
                assert any(source == name or source.startswith(f"{name}/") for name in allowed), f"{ignore.name} ignores {source}"


def main():
    for file in sorted(f for f in folder.glob("Dockerfile*") if f.suffix != ".dockerignore"):
        check(f"{file.name}: hadolint", lambda: subprocess.run(["hadolint", str(file)], check=True))
        check(f"{file.name}: copied files are in the build context", lambda: in_context(file))
    for file in sorted(folder.glob("compose*.yaml")):
        check(f"{file.name}: compose specification", lambda: compose_spec.PyCompose.from_yaml(file.read_text()))
    check("compose.yaml: its files exist", mounted)
    for name, (values, present, absent) in variants.items():
        documents = [document for _, document in Chart(chart, values=values).documents()]
        for document in documents:
            check(f"chart, {name}: {document['kind']}", lambda: kubernetes(document))
        kinds = {document["kind"] for document in documents}
        check(f"chart, {name}: its kinds", lambda: kinds_are(kinds, present, absent))
    check("chart: names and ports agree", consistent)
    for values in ({}, {**secret, "replicas": -1}, {**secret, "secret.replicaKey": "short"}, {**secret, "settings": {"a": "b"}}):
        check(f"chart: refuses {list(values.items())[-1:] or 'missing secrets'}", lambda: refused(values))
    check("graceful stops are longer than the drain", graceful)
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
