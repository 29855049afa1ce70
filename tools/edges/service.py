"""Starts services for the cases: each with its own queue, database and port, on the broker of AMQP_URL."""
import json, os, re, signal, subprocess, tempfile, time, urllib.request

BIN = os.environ["SPEECHBUS_BIN"]
AMQP = os.environ["AMQP_URL"]
RUN = os.environ["EDGES_RUN"]


def environment(name, **settings):
    """The environment of a service: none of the caller's settings, paths in its own folder."""
    folder = tempfile.mkdtemp(prefix=f"{name}-", dir=RUN)
    own = ("SPEECHBUS_", "XTTS_", "HF_", "COQUI_")
    values = {k: v for k, v in os.environ.items() if not k.startswith(own) and k != "PORT"}
    values.update(
        XTTS_MODEL_DIR=os.environ["EDGES_MODEL"], XTTS_VOICE_DIR=f"{folder}/voices", XTTS_STORE_DIR=f"{folder}/clips",
        SPEECHBUS_DATABASE=f"{folder}/db.sqlite", SPEECHBUS_AMQP_URL=AMQP, SPEECHBUS_HTTP_PORT="0",
        SPEECHBUS_LOG_FORMAT="json", SPEECHBUS_QUEUE=f"tts.edges.{name}",
        # The services share a log of voices, as replicas do.
        SPEECHBUS_KEY_FILE=f"{RUN}/replicas.key")
    for key, value in settings.items():
        values.pop(key, None)
        if value is not None:
            values[key] = value
    return values


class Service:
    def __init__(self, name, **settings):
        self.name, self.queue = name, f"tts.edges.{name}"
        self.log = f"{RUN}/{name}.log"
        self.environment = environment(name, **settings)
        with open(self.log, "wb") as log:
            self.process = subprocess.Popen([BIN, "serve"], env=self.environment, stdout=log, stderr=log, cwd=RUN)
        self.port = self._wait(lambda: self._port(), 120)
        self.url = f"http://127.0.0.1:{self.port}"
        self._wait(lambda: self._ready(), 240)

    def _wait(self, probe, seconds):
        end = time.time() + seconds
        while time.time() < end:
            if self.process.poll() is not None:
                raise RuntimeError(f"{self.name} ended with {self.process.returncode}: {self.lines()[-3:]}")
            if value := probe():
                return value
            time.sleep(0.1)
        raise RuntimeError(f"{self.name} is not ready after {seconds} s: {self.log}")

    def lines(self):
        return open(self.log, errors="replace").read().splitlines()

    def _port(self):
        for line in self.lines():
            if '"message":"listening"' in line and (found := re.search(r'"port":(\d+)', line)):
                return int(found[1])

    def _ready(self):
        try:
            return urllib.request.urlopen(f"{self.url}/health/ready", timeout=5).status == 200
        except OSError:
            return False

    def stop(self):
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            time.sleep(1.2)
            self.process.send_signal(signal.SIGTERM)
            try:
                self.process.wait(20)
            except subprocess.TimeoutExpired:
                self.process.kill()


def start_fails(**settings):
    """Runs `serve` with settings that must stop it. The exit code and what it printed."""
    done = subprocess.run(
        [BIN, "serve"], env=environment("refused", **settings), capture_output=True, text=True, timeout=120, cwd=RUN)
    return done.returncode, done.stdout + done.stderr
