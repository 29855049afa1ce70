"""The command lines of the help and of the documents, as people paste them, and the lists of every transport."""
import glob, json, os, re, shlex, shutil, subprocess, tempfile, time

from cases import equal, registry, within
from clients import ask, parsed, plain_base64, plain_wav, send
from cli_cases import Run
from service import BIN, RUN

CASES, case = registry()
ROOT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "../..")
LIST = "/api/v1/tts/voices"
EXAMPLE = "9f1c2b7ce0a64f31a9d3c2b1e4f50617"
# Servers, downloads, sound cards and measurements; files of other programs; addresses that are examples.
NOT_RUN = re.compile(r"speechbus (serve|model pull|bench)\b|\baplay\b|\.internal|@mq[-/]|\$\(|--expect|\.pth\b|[A-Z]{2,}_ID|\bDIR\b|…")


def examples(command):
    """The examples of each help text, of a command and of those below it. Commands that only the service starts are not shown."""
    if not command.get("shouldDisplay", True):
        return
    lines = (command.get("discussion") or "").splitlines()
    yield [l.strip() for l in lines if re.match(r" *(?:[A-Z_]+=\S+ )*(?:printf .*\| *)?speechbus ", l)]
    for below in command.get("subcommands", []):
        yield from examples(below)


def whole(lines):
    """Commands whose quotations end on a later line are one command."""
    command = ""
    for line in lines:
        command += line
        try:
            shlex.split(command)
            yield command
            command = ""
        except ValueError:
            command += "\n"


def documented():
    """The commands in the fenced blocks of each page: the README and the guides. Blocks marked `not-run` are skipped."""
    for path in [f"{ROOT}/README.md", *sorted(glob.glob(f"{ROOT}/docs/*.md"))]:
        with open(path) as file:
            blocks = re.findall(r"^```(sh[^\n]*)\n(.*?)^```", file.read(), re.M | re.S)
        lines = [line.strip() for kind, block in blocks if "not-run" not in kind for line in whole(block.splitlines())]
        yield [line for line in lines if re.match(r"(?:[A-Z_]+=\S+ )*speechbus ", line)]


@case("doc-1")
def command_lines(w):
    """every command line of the help and the documents runs"""
    folder = tempfile.mkdtemp(prefix="docs-", dir=RUN)
    for name in ("me.wav", "me-again.wav", "one.wav", "two.flac", "long.wav"):
        with open(f"{folder}/{name}", "wb") as file:
            file.write(plain_wav())
    with open(f"{folder}/letter.txt", "w") as file:
        file.write("Dear Ada, all is well.\n")
    with open(f"{folder}/lines.tsv", "w") as file:
        file.write("en\tDr. Smith paid $5.\nde\tAm 3. Mai.\n")
    with open(f"{folder}/names.json", "w") as file:
        json.dump({"entries": [{"written": "Siobhan", "spoken": "Shivawn"}]}, file)
    shutil.copy(f"{ROOT}/Tests/SpeechAudioTests/Fixtures/aac.m4a", f"{folder}/recording.m4a")
    os.symlink(BIN, f"{folder}/speechbus")
    settings = {**w.open.environment, "PATH": f"{folder}:{os.environ['PATH']}", "SPEECHBUS_HTTP_PORT": str(w.open.port)}
    dump = json.loads(Run("--experimental-dump-help").output)
    run, failed = 0, []

    def register(name):
        voice = {"display_name": name, "speaker_wav_base64": plain_base64()}
        return parsed(send(w.open.url, LIST, voice))["voice_id"]

    for lines in [*examples(dump["command"]), *documented()]:
        # Several texts register the same names.
        for voice in parsed(send(w.open.url, LIST))["voices"]:
            if re.fullmatch("[0-9a-f]{32}", voice["voice_id"]):
                send(w.open.url, f"{LIST}/{voice['voice_id']}", method="DELETE")
        register("Ana"), register("Ben")
        for line in dict.fromkeys(lines):
            if NOT_RUN.search(line):
                continue
            run += 1
            text = line.replace("/data/speechbus.sqlite", settings["SPEECHBUS_DATABASE"])
            text = text.replace("/keys/speechbus.key", settings["SPEECHBUS_KEY_FILE"])
            if EXAMPLE in text:
                text = text.replace(EXAMPLE, register(f"Number {run}"))
            text = re.sub(r"/models/[\w-]+", settings["XTTS_MODEL_DIR"], text)
            text = text.replace("/tmp/random-model", f"{folder}/random-model").replace("/var/cache/speechbus", f"{folder}/cache")
            done = subprocess.run(
                ["bash", "-c", text], cwd=folder, env=settings, capture_output=True, timeout=300, stdin=subprocess.DEVNULL)
            if done.returncode:
                failed.append(f"{line}: {done.returncode} {done.stderr.decode()[-200:]}")
    assert run > 40, f"only {run} lines are run"
    equal(failed, [], f"of {run}:")


@case("list-1")
def lists(w):
    """the voices are the same on the bus, over HTTP and in the command"""
    place = {name: w.open.environment[name] for name in ("SPEECHBUS_DATABASE", "XTTS_VOICE_DIR")}

    def listed():
        sent = [parsed(send(w.open.url, LIST))["voices"], ask("tts.voices.list", {})["voices"]]
        shown = [json.loads(line) for line in Run("voices", "list", "--json", **place).output.splitlines()]
        return [sorted(voice["voice_id"] for voice in voices) for voices in (*sent, shown)]

    # Another replica may answer on the bus, and changes of the case before take a moment to reach it.
    for _ in range(30):
        ids = listed()
        if ids[0] == ids[1]:
            break
        time.sleep(1)
    equal(ids[0], ids[1]), equal(ids[0], ids[2])
    openai = {voice["id"] for voice in parsed(send(w.open.url, "/v1/audio/voices"))["voices"]}
    equal(set(ids[0]) - openai, set(), "missing in OpenAI's list:")


@case("list-2")
def tables(w):
    """every list is a table, and JSON with --json"""
    place = {name: w.open.environment[name] for name in ("SPEECHBUS_DATABASE", "XTTS_VOICE_DIR")}
    for command in (("topology", "show"), ("audit", "verify"), ("model", "info")):
        table, listed = Run(*command, **place), Run(*command, "--json", **place)
        equal((table.status, listed.status), (0, 0), f"{command}: {table.errors}{listed.errors}")
        json.loads(listed.output)
        assert not table.output.lstrip().startswith((b"{", b"[")), command
    # A list that may be long is JSON lines.
    for command in (("voices", "list"), ("dead", "list")):
        table, listed = Run(*command, **place), Run(*command, "--json", **place)
        equal((table.status, listed.status), (0, 0), f"{command}: {table.errors}{listed.errors}")
        equal([json.loads(line) for line in listed.output.splitlines()] != [], table.output != b"", command)
