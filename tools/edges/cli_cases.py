"""The command line: exit codes, what stays of a file, one line that names the mistake."""
import os, signal, subprocess, tempfile, time

from cases import equal, registry, within
from clients import AMQP, bus
from service import BIN, RUN, environment

CASES, case = registry()
PLACE = AMQP.split("@")[1].split("/")[0]


class Run:
    """A command run to its end in a new folder. `says` checks that its only line of errors has these words."""

    def __init__(self, *arguments, folder=None, timeout=60, input=None, **settings):
        self.folder = folder or tempfile.mkdtemp(prefix="cli-", dir=RUN)
        values = environment("cli", **{"SPEECHBUS_LOG": "error", **settings})
        done = subprocess.run(
            [BIN, *arguments], cwd=self.folder, env=values, capture_output=True, timeout=timeout, input=input)
        self.status, self.output, self.errors = done.returncode, done.stdout, done.stderr.decode()

    def says(self, status, *words, lines=1):
        equal(self.status, status, self.errors)
        if lines:
            equal(len(self.errors.splitlines()), lines, self.errors)
        for word in words:
            within(word, self.errors)
        for word in ("connectFailed", "accessRefused", "invalidConfiguration", "errno", "wr0ng"):
            assert word not in self.errors, self.errors
        return self

    def path(self, name):
        return os.path.join(self.folder, name)

    def files(self):
        return sorted(os.listdir(self.folder))


def request(w, *arguments, queue=None, **settings):
    return Run("request", *arguments, SPEECHBUS_QUEUE=queue or w.open.queue, **settings)


def plain(w):
    from clients import plain_wav
    path = os.path.join(tempfile.mkdtemp(prefix="clip-", dir=RUN), "plain.wav")
    with open(path, "wb") as file:
        file.write(plain_wav())
    return path


@case("cl-01")
def failed_output(w):
    """a failed request leaves the file of -o as it was"""
    folder = tempfile.mkdtemp(prefix="cli-", dir=RUN)
    with open(f"{folder}/hello.wav", "w") as file:
        file.write("precious")
    for arguments in (("--speaker", "nobody"), ("--speaker", "nobody", "--stream"), ("--timeout", "0.001")):
        for name in ("hello.wav", "new.wav"):
            run = request(w, "Hi.", "-o", name, *arguments, folder=folder)
            equal(run.status, 1, run.errors)
    values = environment("cli", SPEECHBUS_QUEUE=w.open.queue)
    long = "One sentence after another goes by. " * 100
    process = subprocess.Popen(
        [BIN, "request", long, "-o", "hello.wav", "--format", "pcm", "--stream"], cwd=folder, env=values,
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    # A temporary file next to the named one shows that the command has begun.
    while os.listdir(folder) == ["hello.wav"] and process.poll() is None:
        time.sleep(0.01)
    process.send_signal(signal.SIGINT)
    equal(process.wait(10), 1)
    equal(os.listdir(folder), ["hello.wav"])
    equal(open(f"{folder}/hello.wav").read(), "precious")
    equal(request(w, "Hi.", "-o", "hello.wav", folder=folder).status, 0)
    equal(open(f"{folder}/hello.wav", "rb").read(4), b"RIFF")


@case("cl-02")
def standard_output(w):
    """-o - writes the audio to standard output, and nothing else"""
    run = request(w, "Hi.", "-o", "-", "--seed", "1")
    equal(run.status, 0, run.errors), equal(run.output[:4], b"RIFF"), equal(run.files(), []), within("sha256", run.errors)
    file = request(w, "Hi.", "-o", "a.wav", "--seed", "1")
    equal(open(file.path("a.wav"), "rb").read(), run.output)


@case("cl-03")
def suffix(w):
    """a suffix that is no format is refused before any work"""
    run = request(w, "Hi.", "-o", "x.docx").says(64, "x.docx", "wav", "opus", "--format")
    equal(run.files(), [])
    run = request(w, "Hi.", "-o", "x.docx", "--format", "flac")
    equal(run.status, 0, run.errors), equal(open(run.path("x.docx"), "rb").read(4), b"fLaC")


@case("cl-04")
def port_in_use(w):
    """a port in use, or a host that is not this machine's, ends the start with one line"""
    port = w.open.url.rsplit(":", 1)[1]
    Run("serve", SPEECHBUS_HTTP_PORT=port).says(1, port, "in use", "SPEECHBUS_HTTP_PORT")
    Run("serve", SPEECHBUS_HTTP_HOST="192.0.2.1").says(1, "192.0.2.1", "SPEECHBUS_HTTP_HOST")
    Run("serve", SPEECHBUS_HTTP_HOST="no such host").says(64, "no such host", "SPEECHBUS_HTTP_HOST")


@case("cl-05")
def broker(w):
    """a broker that is away, refuses the login or has no such virtual host"""
    for url, *words in (
        ("amqp://guest:guest@127.0.0.1:1/", "127.0.0.1:1"), (f"amqp://guest:wrong@{PLACE}/", PLACE, "guest"),
        (f"amqp://guest:guest@{PLACE}/nosuch", PLACE, "nosuch"),
    ):
        for command in (("request", "Hi.", "-o", "a.wav"), ("dead", "list"), ("topology", "show")):
            run = Run(*command, "--amqp-url", url).says(1, *words)
            equal(run.files(), [])


@case("cl-06")
def broker_url(w):
    """a URL that is no broker's names its option or variable"""
    Run("serve", SPEECHBUS_AMQP_URL="http://x").says(64, "SPEECHBUS_AMQP_URL", "amqp://")
    request(w, "Hi.", "-o", "a.wav", "--amqp-url", "http://x").says(64, "--amqp-url", "amqp://")


@case("cl-07")
def values(w):
    """bad values are bad usage, before the broker is contacted"""
    away = {"SPEECHBUS_AMQP_URL": "amqp://guest:guest@127.0.0.1:1/"}
    for option, value, *words in (
        ("--speed", "9", "4" if "0.25" in Run("request", "--help").output.decode() else "2"), ("--top-k", "0", "1026"),
        ("--language", "xx", "zh-cn"), ("--format", "foo", "flac"), ("--temperature", "9", "2"), ("--top-p", "2", "1"),
    ):
        request(w, "Hi.", "-o", "a.wav", option, value, **away).says(64, option, *words)
    request(w, "", "-o", "a.wav", **away).says(64, "text", "empty")
    Run("serve", XTTS_DEFAULT_VOICE="/none.wav").says(64, "XTTS_DEFAULT_VOICE", "/none.wav")
    Run("serve", SPEECHBUS_LOG_FORMAT="xml").says(64, "SPEECHBUS_LOG_FORMAT", "xml", "json")


@case("cl-08")
def voices(w):
    """--reference-audio FILE TEXT; --speaker of a registered voice"""
    clip = plain(w)
    run = Run("synthesize", "--reference-audio", clip, "Hello.", "-o", "a.wav", timeout=120)
    equal(run.status, 0, run.errors)
    run = Run(
        "voices", "add", clip, "--name", "Edge voice", "--database", "own.sqlite", "--voice-dir", "voices")
    equal(run.status, 0, run.errors)
    listed = Run("voices", "list", "--database", "own.sqlite", folder=run.folder)
    for word in ("default", "Edge voice", "language"):
        within(word, listed.output.decode())
    spoken = Run(
        "synthesize", "Hello.", "-o", "a.wav", "--speaker", "edge voice", "--database", "own.sqlite",
        "--voice-dir", "voices", folder=run.folder, timeout=120)
    equal(spoken.status, 0, spoken.errors)


@case("cl-09")
def health(w):
    """health --url without a scheme means http; https says that TLS failed"""
    place = w.open.url.removeprefix("http://")
    equal(Run("health", "--url", place).status, 0)
    Run("health", "--url", f"https://{place}").says(1, "TLS")


@case("cl-10")
def usage(w):
    """a misspelt command is suggested; options have their own names; the usage is the command's"""
    Run("requst", "x").says(64, "did you mean request")
    Run("voices", "lst").says(64, "did you mean list")
    Run("audit", "prune", "--days", "abc").says(64, "--days", "abc")
    Run("bench", "--streams", "x").says(64, "--streams", "speechbus bench", lines=0)


@case("cl-11")
def unknown_variable(w):
    """a variable that looks like a setting and is none is warned of"""
    run = Run("serve", SPEECHBUS_HTTTP_PORT="1", SPEECHBUS_LOG="warning", SPEECHBUS_HTTP_HOST="192.0.2.1")
    within("SPEECHBUS_HTTTP_PORT", run.errors)


@case("cl-12")
def password(w):
    """a slash in the password is named without any part of it"""
    request(w, "Hi.", "-o", "a.wav", "--amqp-url", "amqp://svc:wr0ng/pass@127.0.0.1:1/").says(64, "%2F")


@case("cl-13")
def control_characters(w):
    """control characters of clients are escaped in a text log"""
    service = w.service("text-log", SPEECHBUS_LOG_FORMAT="json")
    bus(service.queue, {"text": "Hi."}, wait=2, correlation="a\x1b[31mred", reply_to="gone")
    assert "\x1b" not in open(service.log).read()


@case("cl-14")
def url_options(w):
    """options of the broker URL are checked; blanks around it are trimmed"""
    request(w, "Hi.", "-o", "a.wav", "--amqp-url", f"{AMQP}?heartbeat=0").says(64, "heartbeat", "1")
    equal(request(w, "Hi.", "-o", "a.wav", "--amqp-url", f" {AMQP}").status, 0)


@case("de-03")
def dead(w):
    """dead requeue and drop need a choice, and have nothing to do with --all on an empty queue"""
    for action in ("requeue", "drop"):
        Run("dead", action).says(64, "--all", lines=0)
        equal(Run("dead", action, "--message-id", "no such id").status, 0)
    equal(Run("dead", "list", "--json").status, 0)


@case("fw-02")
def declarations(w):
    """the guides say how each framework avoids declaring a queue with other arguments"""
    for path, words in {
        "docs/failure-modes.md": ("checkQueue", "passive=True", "noAssert", "Celery"),
        "clients/node/README.md": ("checkQueue", "noAssert"), "clients/python/README.md": ("passive=True",),
    }.items():
        with open(os.path.join(os.path.dirname(__file__), "../..", path)) as file:
            text = file.read()
        for word in words:
            within(word, text)
