"""Recordings in, players out. EDGES_RECORDINGS names the folder with the recordings of the cases au-01 to au-16; without it
those cases are skipped."""
import base64, http.client, json, os, struct, tempfile, time, urllib.parse, uuid

from cases import Skipped, equal, registry, within
from clients import JSON, ask, error, parsed, plain_wav, send
from service import RUN

CASES, case = registry()
SAY, SPEECH, VOICES = "/api/v1/tts/synthesize", "/v1/audio/speech", "/api/v1/tts/voices"
SHORT = "only"


def recording(name):
    folder = os.environ.get("EDGES_RECORDINGS")
    if not folder:
        raise Skipped("EDGES_RECORDINGS is not set")
    with open(os.path.join(folder, name), "rb") as file:
        return base64.b64encode(file.read()).decode()


def register(w, name):
    answer = send(w.open.url, VOICES, {"speaker_wav_base64": recording(name)})
    if answer.status == 201:
        send(w.open.url, f"{VOICES}/{parsed(answer)['voice_id']}", method="DELETE")
    return answer


def accepted(*names, warns=False):
    """Registers and speaks each recording; a short one may warn of its length, and of nothing else."""
    def run(w):
        for name in names:
            answer = register(w, name)
            equal(answer.status, 201, f"{name}: {answer.body[:200]}")
            warnings = parsed(answer).get("warnings") or []
            assert all(SHORT in text for text in warnings) if warns else not warnings, f"{name}: {warnings}"
            body = {"text": "Hi.", "speaker_wav_base64": recording(name)}
            equal(ask(w.open.queue, body, 60)["status"], "ok", name)
    run.__doc__ = f"{', '.join(names)}: registered, and spoken with on the bus"
    return run


def refused(words, *names):
    def run(w):
        for name in names:
            answer = register(w, name)
            if answer.status != 201:
                equal((answer.status, error(answer)["code"]), (400, "invalid_audio"), name)
                for word in words[name]:
                    within(word, error(answer)["message"])
    run.__doc__ = f"{', '.join(names)}: registered, or refused by name"
    return run


for name, run in {
    "au-01": accepted("chrome-mediarecorder.webm"), "au-02": accepted("iphone-moov-end.m4a"),
    "au-03": accepted("iphone-moov-front.m4a"), "au-04": accepted("safari-fragmented.mp4"),
    "au-05": accepted("raw-adts.aac"), "au-06": accepted("voice-note.amr", "voice-note.3gp"),
    "au-07": refused({"alac.m4a": ["ALAC"]}, "alac.m4a"),
    "au-08": refused({"windows.wma": ["Windows Media", "WAV", "MP3"], "speex.ogg": ["Speex", "WAV"]}, "windows.wma", "speex.ogg"),
    "au-11": accepted("one-channel-inverted.wav", warns=True), "au-12": accepted("silence-32s-then-speech.ogg"),
    "au-13": accepted("zeros-first.mp3", "id3-then-zeros.mp3", "cut-mid-frame.mp3"),
    "au-15": accepted("whatsapp-voice.ogg", "telegram-voice.oga", "plain.mp3"),
}.items():
    case(name)(run)


def like_plain(*names):
    def run(w):
        digest = lambda name: parsed(send(
            w.open.url, SAY, {"text": "Hi.", "seed": 1, "speaker_wav_base64": recording(name)}))["sha256"]
        wanted = digest("plain.wav")
        for name in names:
            equal(register(w, name).status, 201, name)
            equal(digest(name), wanted, name)
    run.__doc__ = f"{', '.join(names)}: sounds as plain.wav does"
    return run


for name, file in {"au-09": "zero-lengths.wav", "au-10": "placeholder-36.wav", "au-14": "odd-list-no-pad.wav"}.items():
    case(name)(like_plain(file))


@case("au-16")
def by_url(w):
    """a URL may lead to every kind of recording that is decoded"""

    for name in ("chrome-mediarecorder.webm", "iphone-moov-end.m4a"):
        recording(name)
        answer = send(w.open.url, SAY, {"text": "Hi.", "speaker_wav_url": f"{w.web}/file/{name}"})
        equal(answer.status, 200, f"{name}: {answer.body[:200]}")


@case("vo-05")
def japanese(w):
    """Japanese without its dictionary: the message names it, the log has a warning"""
    # A folder without content, because this machine may have a dictionary in one of the usual places.
    folder = tempfile.mkdtemp(prefix="dictionary-", dir=RUN)
    for name in ("sys.dic", "matrix.bin", "char.bin", "unk.dic"):
        open(os.path.join(folder, name), "wb").close()
    service = w.service("no-japanese", XTTS_JAPANESE_DICTIONARY=folder)
    body = {"text": "Good morning.", "language": "ja"}
    for failure in (error(ask(service.queue, body)), error(send(service.url, SAY, body))):
        equal((failure["code"], failure["field"]), ("unsupported_language", "language"))
        within("MeCab", failure["message"]), within("XTTS_JAPANESE_DICTIONARY", failure["message"])
    warnings = [line for line in service.lines() if '"level":"warning"' in line and "MeCab" in line]
    equal(len(warnings), 1)


@case("oa-01")
def aac(w):
    """AAC over HTTP and on the bus"""
    answer = send(w.open.url, SPEECH, {"input": "Hi there.", "voice": "alloy", "response_format": "aac"})
    equal((answer.status, answer.headers.get("content-type")), (200, "audio/aac"), answer.body[:200])
    equal((answer.body[0], answer.body[1] & 0xF6), (0xFF, 0xF0))
    equal(ask(w.open.queue, {"text": "Hi there.", "format": "aac"})["format"], "aac")


@case("oa-03")
def streamed_wav(w):
    """a WAV starts before half of the time, without a length, with the samples of the whole one"""
    body = {"input": "One sentence follows the other. " * 60, "voice": "alloy", "response_format": "wav", "seed": 1}
    place = urllib.parse.urlsplit(w.open.url)
    connection = http.client.HTTPConnection(place.hostname, place.port, timeout=300)
    began = time.time()
    connection.request("POST", SPEECH, json.dumps(body), JSON)
    answer = connection.getresponse()
    data, first = answer.read(1), time.time() - began
    data += answer.read()
    total = time.time() - began
    connection.close()
    equal((answer.status, answer.getheader("content-length")), (200, None))
    assert first < total / 2, f"first byte after {first:.1f} of {total:.1f} s"
    place = data.index(b"data")
    equal((data[:4], struct.unpack("<I", data[4:8])[0], struct.unpack("<I", data[place + 4:place + 8])[0]),
          (b"RIFF", 0xFFFFFFFF, 0xFFFFFFFF))
    pcm = send(w.open.url, SPEECH, {**body, "response_format": "pcm"}, timeout=300)
    equal(data[place + 8:] == pcm.body, True, "samples are equal:")


def form(*parts):
    """A multipart body and its headers. A part is (name, value) or (name, file name, bytes)."""
    mark, body = uuid.uuid4().hex, b""
    for name, *rest in parts:
        file = f'; filename="{rest[0]}"' if len(rest) == 2 else ""
        value = rest[-1] if isinstance(rest[-1], bytes) else rest[-1].encode()
        body += f'--{mark}\r\nContent-Disposition: form-data; name="{name}"{file}\r\n\r\n'.encode() + value + b"\r\n"
    return body + f"--{mark}--\r\n".encode(), {"Content-Type": f"multipart/form-data; boundary={mark}"}


@case("oa-05")
def multipart(w):
    """a voice as multipart/form-data, on both routes"""
    for path, file, name in (("/v1/audio/voices", "audio_sample", "name"), (VOICES, "file", "display_name")):
        body, headers = form((name, "Edge one"), ("language", "de"), (file, "meine Stimme ü.wav", plain_wav()))
        answer = send(w.open.url, path, body, headers)
        within(answer.status, (200, 201)), within("Edge one", answer.body.decode())
        voice = parsed(answer).get("voice_id") or parsed(answer)["id"]
        equal(send(w.open.url, f"{VOICES}/{voice}", method="DELETE").status // 100, 2)
        body, headers = form((name, "No file"))
        answer = send(w.open.url, path, body, headers)
        within(answer.status, (400, 422)), within("file" if file == "file" else "audio", json.dumps(error(answer)))
        body, headers = form((name, "No audio"), (file, "a.wav", b"no audio at all"))
        within(send(w.open.url, path, body, headers).status, (400, 422))
