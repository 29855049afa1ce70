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
    for file in sorted((folder / "kubernetes").glob("*.yaml")):
        for document in yaml.safe_load_all(file.read_text()):
            check(f"{file.name}: {document['kind']}", lambda: kubernetes(document))
    check("graceful stops are longer than the drain", graceful)
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
