"""speaker_wav_url: the cause decides whether a download is tried again."""
import concurrent.futures

from cases import equal, registry, within
from clients import ask, bus, error, metric, parsed, send

CASES, case = registry()
SAY = "/api/v1/tts/synthesize"


def say(w, url):
    return send(w.open.url, SAY, {"text": "Hi.", "speaker_wav_url": url})


def all_at_once(w, paths, wait):
    """The replies to one request per path, None where none came in time."""
    def one(path):
        url = path if "://" in path or path.startswith("http:") else f"{w.web}/{path}"
        return (bus(w.open.queue, {"text": "Hi.", "speaker_wav_url": url}, wait) or [None])[0]
    with concurrent.futures.ThreadPoolExecutor(16) as pool:
        return dict(zip(paths, pool.map(one, paths)))


def check_permanent(w, paths, codes=("download_failed",)):
    names = ("speechbus_retries_total", "speechbus_dead_letters_total")
    before = [metric(w.open.url, name) for name in names]
    for path, reply in all_at_once(w, paths, 8).items():
        assert reply, f"{path}: no reply within 8 s"
        within(error(reply).get("code"), codes)
        equal(error(reply)["retryable"], False, path)
        equal(error(reply)["field"], "speaker_wav_url", path)
        if path.isdigit():
            within(path, error(reply)["message"])
    equal([metric(w.open.url, name) for name in names], before, "retries and dead letters")


@case("ur-01")
def statuses(w):
    """a status that stays is answered at once and not retryable"""
    check_permanent(w, ["404", "403", "410", "401", "451", "405", "400"])


@case("ur-02")
def addresses(w):
    """redirect loops, partial and empty answers, invalid URLs and web pages are not retryable"""
    check_permanent(w, ["loop", "206", "204", "http:///x", "page"], ("download_failed", "invalid_audio"))


@case("ur-03")
def trouble(w):
    """server errors, 408, 425, 429 and cut bodies are tried again"""
    paths = ["500", "502", "503", "504", "408", "425", "429", "cut", "second-time"]
    before = metric(w.open.url, "speechbus_retries_total")
    replies = all_at_once(w, paths, 4)
    equal(replies.pop("second-time")["status"], "ok", "second-time")
    equal([p for p, reply in replies.items() if reply], [], "answered instead of tried again:")
    assert metric(w.open.url, "speechbus_retries_total") >= before + len(paths)


@case("ur-04")
def other_ways(w):
    """the same over HTTP and for registrations"""
    url = f"{w.web}/404"
    answer = ask("tts.voices.register", {"display_name": "x", "speaker_wav_url": url})
    equal(error(answer)["retryable"], False, "registration")
    equal(error(say(w, url))["retryable"], False, "HTTP")


@case("ur-05")
def sentences(w):
    """a time-out, a cut and a refused connection have separate sentences"""
    with concurrent.futures.ThreadPoolExecutor(3) as pool:
        stall, cut, refused = pool.map(lambda u: say(w, u), [f"{w.web}/stall", f"{w.web}/cut", "http://127.0.0.1:9/x.wav"])
    within("10 s", error(stall)["message"])
    within(" bytes", error(cut)["message"]), within(" of ", error(cut)["message"])
    within("refused", error(refused)["message"])
    assert refused.seconds < 2, f"refused after {refused.seconds:.1f} s"
    equal([error(a)["retryable"] for a in (stall, cut, refused)], [True] * 3)


@case("ur-06")
def packed(w):
    """a gzip body is unpacked, or its encoding is named"""
    answer = say(w, f"{w.web}/gzip")
    if answer.status != 200:
        equal(answer.status, 400), within("gzip", error(answer)["message"])


@case("b6-09")
def blanks(w):
    """white space around a URL is dropped"""
    for url in (f" {w.web}/plain.wav ", f"{w.web}/plain.wav\n"):
        answer = say(w, url)
        equal(answer.status, 200, answer.body[:200])
