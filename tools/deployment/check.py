"""Checks what is in docker/ against published schemas; `tools/check-deployment` runs it."""

import pathlib
import subprocess
import sys

import compose_spec
import kubernetes_validate
import yaml
from cloudcoil.models.keda import v1alpha1 as keda

folder = pathlib.Path(__file__).parents[2] / "docker"
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
    if document["apiVersion"].startswith("keda.sh/"):
        getattr(keda, document["kind"]).model_validate(document)
    else:
        kubernetes_validate.validate(document, "1.31", strict=True)


def graceful():
    """Kubernetes and compose must wait longer than the drain takes."""
    pod = yaml.safe_load((folder / "kubernetes/deployment.yaml").read_text())["spec"]["template"]["spec"]
    drain = {entry["name"]: entry.get("value") for entry in pod["containers"][0]["env"]}["SPEECHBUS_DRAIN_SECONDS"]
    assert pod["terminationGracePeriodSeconds"] > int(drain), "terminationGracePeriodSeconds"
    worker = yaml.safe_load((folder / "compose.yaml").read_text())["services"]["worker"]
    grace = int(worker["stop_grace_period"].removesuffix("s"))
    assert grace > int(worker["environment"]["SPEECHBUS_DRAIN_SECONDS"]), "stop_grace_period"


def main():
    for file in sorted(f for f in folder.glob("Dockerfile*") if f.suffix != ".dockerignore"):
        check(f"{file.name}: hadolint", lambda: subprocess.run(["hadolint", str(file)], check=True))
    for file in sorted(folder.glob("compose*.yaml")):
        check(f"{file.name}: compose specification", lambda: compose_spec.PyCompose.from_yaml(file.read_text()))
    for file in sorted((folder / "kubernetes").glob("*.yaml")):
        for document in yaml.safe_load_all(file.read_text()):
            check(f"{file.name}: {document['kind']}", lambda: kubernetes(document))
    check("graceful stops are longer than the drain", graceful)
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
