"""Runs the cases of every *_cases.py next to this file: one line each, `id ok` or `id FAIL reason`. Arguments select cases
by the start of their id. Exit status 1 if any case fails."""
import functools, glob, importlib, os, re, sys, traceback

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import origin
from cases import Skipped
from service import Service


class World:
    """The services of the cases; each is started when the first case needs it."""

    def __init__(self):
        self.services = {}

    @functools.cached_property
    def web(self):
        return origin.start()

    def service(self, name, **settings):
        if name not in self.services:
            self.services[name] = Service(name, **settings)
        return self.services[name]

    @property
    def open(self):
        """A service without a token that may fetch from this machine."""
        return self.service("open", SPEECHBUS_URL_ALLOW="127.0.0.1")

    @property
    def keyed(self):
        """A service with the token `geheim` and three allowed origins."""
        return self.service(
            "keyed", SPEECHBUS_HTTP_TOKEN="geheim",
            XTTS_ALLOW_ORIGINS="https://a.example, https://b.example/,HTTPS://D.example,app://obsidian.md")


def main(wanted):
    folder = os.path.dirname(os.path.abspath(__file__))
    cases = {}
    for path in sorted(glob.glob(f"{folder}/*_cases.py")):
        cases.update(importlib.import_module(os.path.basename(path)[:-3]).CASES)
    world, failed, run = World(), 0, 0
    try:
        for name, case in cases.items():
            if wanted and not any(name.startswith(start) for start in wanted):
                continue
            run += 1
            try:
                case(world)
                print(f"{name} ok {case.__doc__}", flush=True)
            except Skipped as reason:
                run -= 1
                print(f"{name} skipped: {reason}", flush=True)
            except Exception as failure:
                failed += 1
                where = traceback.extract_tb(failure.__traceback__)[-1]
                what = str(failure) if isinstance(failure, AssertionError) and str(failure) else repr(failure)
                print(f"{name} FAIL {' '.join(what.split())[:300]} ({where.name}:{where.lineno})", flush=True)
    finally:
        for service in world.services.values():
            service.stop()
    if not wanted:
        with open(f"{folder}/README.md") as file:
            for row in re.findall(r"^\| ([a-z]\w-\d.*?) \| .* \| (.+) \|$", file.read(), re.M):
                print(f"{row[0]} is a test: {row[1]}")
    print(f"{run} cases, {failed} failed", file=sys.stderr)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
