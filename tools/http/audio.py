"""Requests each audio format from a service and inspects the files with ffprobe.

usage: audio.py URL FOLDER [RECORDINGS]
RECORDINGS is a folder of files that are uploaded as forms. Exits 1 and prints a line for each failed check.
"""

import base64
import json
import pathlib
import subprocess
import sys
import time
import urllib.error
import urllib.request
import uuid

TEXT = ("The library opens at nine, and the reading room is quiet until noon. After lunch the children come for stories, "
        "and in the evening there is music.")
# Samples that an encoder adds: its delay and the rest of the last frame.
PADDING = {"wav": 0, "flac": 0, "mp3": 3 * 1152, "opus": 960, "aac": 2 * 1024, "m4a": 1024, "pcm": 0, "mulaw": 0, "alaw": 0}
RAW = {"pcm": ["-f", "s16le"], "mulaw": ["-f", "mulaw"], "alaw": ["-f", "alaw"]}
failures = []


def check(what, holds, detail=""):
    print(f"{'ok  ' if holds else 'FAIL'}  {what}{f': {detail}' if detail else ''}", flush=True)
    if not holds:
        failures.append(what)


def post(url, body, content_type="application/json"):
    request = urllib.request.Request(url, method="POST", data=body, headers={"Content-Type": content_type})
    return urllib.request.urlopen(request, timeout=300)


def speak(url, **fields):
    return json.load(post(f"{url}/api/v1/tts/synthesize", json.dumps({"text": TEXT, "seed": 7, **fields}).encode()))


def probe(path, *options):
    """The first audio stream, the tags, and the warnings."""
    command = ["ffprobe", "-v", "warning", *options, "-show_streams", "-show_format", "-of", "json", str(path)]
    result = subprocess.run(command, capture_output=True, text=True)
    found = json.loads(result.stdout or "{}")
    tags = {**found.get("format", {}).get("tags", {}), **found["streams"][0].get("tags", {})}
    return found["streams"][0], {name.lower(): value for name, value in tags.items()}, result.stderr.strip()


def samples(path, rate, channels, *options):
    """The number of samples that a decoder plays."""
    command = ["ffmpeg", "-v", "error", *options, "-i", str(path), "-ar", str(rate), "-f", "s16le", "-"]
    return len(subprocess.run(command, capture_output=True).stdout) // 2 // channels


def whole(url, folder, name, rate, channels):
    form = {"format": name, "sample_rate": rate, "channels": channels}
    reply = speak(url, **form)
    data = base64.b64decode(reply["audio_base64"])
    path = folder / f"whole-{rate}-{channels}.{name}"
    path.write_bytes(data)
    raw = [*RAW.get(name, [])]
    if raw:
        raw += ["-ar", str(rate), "-ac", str(channels)]
    stream, tags, warnings = probe(path, *raw)
    # ffprobe always warns that it estimates the length of ADTS and raw samples.
    check(f"{name} {rate} Hz × {channels} plays without a warning", not warnings or raw or name == "aac", warnings)
    played_rate = 48000 if name == "opus" else rate
    check(f"{name} has the rate and the channels", int(stream["sample_rate"]) == played_rate and stream["channels"] == channels,
          f"{stream['sample_rate']} Hz × {stream['channels']}")
    expected = reply["duration_seconds"] * played_rate
    extra = samples(path, played_rate, channels, *raw) - expected
    check(f"{name} lasts {reply['duration_seconds']:.3f} s, exact to a frame", -1 <= extra <= PADDING[name], f"{extra:+.0f} samples")
    if name in ("wav", "flac", "mp3", "opus", "m4a"):
        check(f"{name} has the mark", tags.get("comment") == "Synthetic speech", str(tags))
    check(f"{name} is the same again", speak(url, **form)["sha256"] == reply["sha256"])


def streamed(url, folder, name):
    body = json.dumps({"text": TEXT * 3, "seed": 7, "format": name, "stream": True}).encode()
    began = time.monotonic()
    response = post(f"{url}/api/v1/tts/synthesize", body)
    first = response.read(1)
    early = time.monotonic() - began
    data = first + response.read()
    total = time.monotonic() - began
    path = folder / f"streamed.{name}"
    path.write_bytes(data)
    # The header of a fragmented m4a comes with its second fragment.
    check(f"the first byte of streamed {name} comes before half of the time", early < total / 2 or name == "m4a",
          f"{early:.2f} of {total:.2f} s")
    raw = [*RAW.get(name, [])]
    _, _, warnings = probe(path, *raw)
    check(f"streamed {name} plays", samples(path, 24000, 1, *raw) > 8000, warnings.splitlines()[0] if warnings else "")


def loudness(url, folder):
    for target in (-16, -23):
        reply = speak(url, loudness=target)
        path = folder / f"loudness{target}.wav"
        path.write_bytes(base64.b64decode(reply["audio_base64"]))
        result = subprocess.run(["ffmpeg", "-nostats", "-i", str(path), "-af", "ebur128", "-f", "null", "-"], capture_output=True, text=True)
        measured = float(result.stderr.rsplit("I:", 1)[1].split()[0])
        check(f"loudness {target} LUFS", abs(measured - target) < 0.6, f"{measured} LUFS by ffmpeg, {reply['warnings']}")


def openai(url):
    types = {"mp3": "audio/mpeg", "opus": "audio/ogg", "aac": "audio/aac", "flac": "audio/flac", "wav": "audio/wav", "pcm": "audio/pcm"}
    for name, media in types.items():
        body = json.dumps({"model": "tts-1", "voice": "alloy", "input": "Hello there.", "response_format": name}).encode()
        response = post(f"{url}/v1/audio/speech", body)
        data = response.read()
        check(f"OpenAI's {name}", response.headers["Content-Type"] == media and len(data) > 1000,
              f"{response.headers['Content-Type']}, {response.headers['Content-Disposition']}, {len(data)} bytes")


def upload(url, path, **fields):
    boundary = uuid.uuid4().hex
    body = b""
    for name, value in fields.items():
        body += f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode()
    body += f'--{boundary}\r\nContent-Disposition: form-data; name="file"; filename="{path.name}"\r\n\r\n'.encode()
    body += path.read_bytes() + f"\r\n--{boundary}--\r\n".encode()
    try:
        return json.load(post(f"{url}/api/v1/tts/voices", body, f"multipart/form-data; boundary={boundary}"))
    except urllib.error.HTTPError as error:
        return json.load(error)


def recordings(url, folder):
    for path in sorted(folder.iterdir()):
        if path.suffix not in (".wav", ".mp3", ".ogg", ".oga", ".m4a", ".mp4", ".webm", ".aac", ".amr", ".3gp", ".wma"):
            continue
        for clean in ("false", "true"):
            reply = upload(url, path, display_name=path.stem, consent="I agree.", clean_reference=clean)
            error = reply.get("error", {})
            refusable = path.suffix == ".wma" and "WMA" in error.get("message", "")
            check(f"{path.name}, clean_reference {clean}", "voice_id" in reply or refusable,
                  error.get("message") or f"{reply.get('quality')} {reply.get('warnings', '')}")


def main():
    url, folder = sys.argv[1].rstrip("/"), pathlib.Path(sys.argv[2])
    for name in PADDING:
        for rate, channels in ((24000, 1), (8000, 1), (48000, 2)):
            whole(url, folder, name, rate, channels)
        streamed(url, folder, name)
    loudness(url, folder)
    openai(url)
    if len(sys.argv) > 3 and sys.argv[3]:
        recordings(url, pathlib.Path(sys.argv[3]))
    print(f"{len(failures)} failed; the files are in {folder}")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
