"""Uses the page in headless Chromium as a person would, and keeps screenshots.

usage: check.py URL FOLDER [PROTECTED_URL TOKEN]
PROTECTED_URL is the same service with a token. Exits 1 and prints a line for each failed check.
"""

import importlib.util
import json
import math
import os
import pathlib
import struct
import subprocess
import sys
import urllib.request
import wave

import pika
from selenium import webdriver
from selenium.common.exceptions import StaleElementReferenceException
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.ui import WebDriverWait

TEXT = "The queue is short this morning. Every request is answered in the order it came, and nobody has to wait for long."
RECORDINGS = pathlib.Path(__file__).resolve().parents[2] / "Tests/SpeechAudioTests/Fixtures"
failures = []


def check(what, holds, detail=""):
    print(f"{'ok  ' if holds else 'FAIL'}  {what}{f': {detail}' if detail and not holds else ''}", flush=True)
    if not holds:
        failures.append(what)


def axe_source():
    package = importlib.util.find_spec("axe_playwright_python")
    return (pathlib.Path(package.submodule_search_locations[0]) / "axe.min.js").read_text()


class Page:
    def __init__(self, url, folder, *arguments):
        options = webdriver.ChromeOptions()
        options.binary_location = "/usr/bin/chromium"
        for argument in ["--headless=new", "--no-sandbox", "--disable-gpu", "--mute-audio", "--force-device-scale-factor=2",
                         "--autoplay-policy=no-user-gesture-required", "--hide-scrollbars",
                         "--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream", *arguments]:
            options.add_argument(argument)
        options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
        options.add_experimental_option("prefs", {"download.default_directory": str(folder)})
        self.driver = webdriver.Chrome(options=options, service=Service("/usr/bin/chromedriver"))
        self.url, self.folder = url, folder

    def open(self, width=1280, height=1240):
        self.resize(width, height)
        self.driver.get(self.url)

    def resize(self, width, height):
        self.driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", {
            "width": width, "height": height, "deviceScaleFactor": 2, "mobile": False})

    def colours(self, scheme):
        self.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {
            "features": [{"name": "prefers-color-scheme", "value": scheme},
                         {"name": "prefers-reduced-motion", "value": "reduce"}]})

    def __getitem__(self, identifier):
        return self.driver.find_element(By.ID, identifier)

    def text(self, identifier):
        return self.run("return document.getElementById(arguments[0]).textContent", identifier)

    def run(self, script, *arguments):
        return self.driver.execute_script(script, *arguments)

    def until(self, condition, seconds=60):
        return WebDriverWait(self.driver, seconds, poll_frequency=0.1).until(lambda _: condition())

    def view(self, name):
        """Goes to a view by its link, unless it is shown."""
        if not self[name].is_displayed():
            self.driver.find_element(By.CSS_SELECTOR, f"nav [href='#{name}']").click()
            self.until(self[name].is_displayed)

    def shoot(self, name):
        height = self.run("return document.documentElement.scrollHeight")
        width = self.run("return innerWidth")
        self.resize(width, height)
        self.run("return new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")
        self.driver.save_screenshot(str(self.folder / f"{name}.png"))

    def accessible(self, name):
        self.run(axe_source())
        found = self.driver.execute_async_script(
            "const done = arguments[arguments.length - 1]; axe.run().then(done, error => done({error: String(error)}))")
        problems = [f"{item['id']} ({item['nodes'][0]['target']})" for item in found.get("violations", [])]
        check(f"axe, {name}: {len(found.get('passes', []))} rules pass, none fails",
              "violations" in found and not problems, "; ".join(problems) or str(found.get("error")))

    def keys(self, *keys):
        webdriver.ActionChains(self.driver).send_keys(*keys).perform()

    def focused(self):
        return self.run("const e = document.activeElement; return e.id || e.getAttribute('aria-label') || e.className || e.tagName")


def recording(path):
    """Eight seconds of a voiced, slowly changing tone: enough like speech to be accepted."""
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1), file.setsampwidth(2), file.setframerate(22050)
        samples = []
        for index in range(22050 * 8):
            time = index / 22050
            pitch = 130 + 25 * math.sin(2 * math.pi * 0.7 * time)
            loud = 0.25 * (0.55 + 0.45 * math.sin(2 * math.pi * 3.1 * time))
            samples.append(int(32767 * loud * sum(math.sin(2 * math.pi * pitch * h * time) / h for h in range(1, 9)) / 2))
        file.writeframes(struct.pack(f"<{len(samples)}h", *samples))
    return path


def speak(page, text):
    """From the keyboard alone; returns when the speech is there."""
    page.view("speak")
    page["text"].clear()
    page["text"].send_keys(text)
    page["text"].send_keys(Keys.CONTROL, Keys.ENTER)
    page.until(lambda: page.text("listen-state").startswith("Done") or page.text("speak-error"))


def playing(page):
    """Waits until the speech sounds and its clock moves. A slow machine may have played it to its end before."""
    if page["play"].get_attribute("aria-label") == "Play":
        page["play"].click()
    return page.until(lambda: page.run(
        "return document.getElementById('play').getAttribute('aria-label') === 'Pause'"
        " && Number(document.getElementById('seek').value) > 0.3"), 10)


def spoken(page):
    speak(page, TEXT)
    check("a text is spoken", page.text("listen-state").startswith("Done"), page.text("speak-error"))
    request = urllib.request.Request(
        page.url + "api/v1/tts/synthesize", method="POST", headers={"Content-Type": "application/json"},
        data=json.dumps({"text": TEXT, "language": "en", "speaker_id": "default"}).encode())
    reply = json.load(urllib.request.urlopen(request))
    check("all of it arrives", page.text("fact-length") == f"{reply['duration_seconds']:.2f} s",
          f"{page.text('fact-length')}, not {reply['duration_seconds']}")
    check("it sounds while the clock moves", playing(page))
    colours = page.run("""
        const canvas = document.getElementById('spectrogram');
        const pixels = new Uint32Array(canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data.buffer);
        return new Set(pixels).size""")
    check("the spectrogram shows something", colours > 50, f"{colours} colours")
    check("pictures have names", "seconds of speech" in page["waveform"].get_attribute("aria-label"))


def preview(page):
    """The text that would be spoken, from the keyboard, without speech."""
    lines = lambda: page.text("preview-segments")
    page["text"].clear()
    page["text"].send_keys("It costs $5.")
    summary = page.driver.find_element(By.CSS_SELECTOR, "#preview summary")
    summary.send_keys(Keys.ENTER)
    page.until(lambda: "five dollars" in lines())
    check("what will be said is shown", page.text("preview-state") == "1 segment", page.text("preview-state"))
    page.run("document.getElementById('normalization').closest('details').open = true")
    page["normalization"].send_keys("As written")
    page.until(lambda: "$5" in lines())
    # ChromeDriver types no characters above U+FFFF.
    page.run("const text = document.getElementById('text'); text.value += ' \\u{13000}';"
             "text.dispatchEvent(new Event('input', {bubbles: true}))")
    page.until(lambda: "\U00013000" in page.text("preview-warnings"))
    check("a character that is not read is named", "five" not in lines(), lines())
    page.accessible("preview")
    page.shoot("preview")
    page["text"].clear()
    page["text"].send_keys("!")
    page.until(lambda: "no letter" in page.text("preview-warnings"))
    check("a text that can't be spoken shows the reason", lines() == "", lines())
    page.run("document.getElementById('normalization').value = ''")
    summary.send_keys(Keys.ENTER)
    check("nothing was spoken", page.text("listen-state") == "Nothing spoken yet", page.text("listen-state"))


def markup(page):
    """Markup and a stored lexicon are chosen and spoken as the preview shows them."""
    body = {"entries": [{"written": "Nguyen", "spoken": "Win"}]}
    for name, scope in [("names", "service"), ("private", "ada")]:
        urllib.request.urlopen(urllib.request.Request(
            page.url + f"api/v1/tts/lexicons/{name}", method="PUT", headers={"Content-Type": "application/json"},
            data=json.dumps({**body, "scope": scope}).encode()))
    page.open()
    page.until(lambda: page.run("return document.getElementById('lexicon').options.length") > 1)
    names = page.run("return [...document.getElementById('lexicon').options].map(option => option.value)")
    check("the lexicons of the service are offered", names == ["", "names"], str(names))
    page.run("document.getElementById('input-type').closest('details').open = true")
    page["input-type"].send_keys("markup")
    page["lexicon"].send_keys("names")
    page["text"].send_keys("<speak>Nguyen <break time='1s'/> is <sub alias='it'>there</sub>.</speak>")
    summary = page.driver.find_element(By.CSS_SELECTOR, "#preview summary")
    summary.send_keys(Keys.ENTER)
    page.until(lambda: "win" in page.text("preview-segments"))
    check("markup is previewed", page.text("preview-state") == "2 segments", page.text("preview-state"))
    page.accessible("markup")
    page["text"].send_keys(Keys.CONTROL, Keys.ENTER)
    page.until(lambda: page.text("listen-state").startswith("Done") or page.text("speak-error"))
    length = float(page.text("fact-length").split()[0]) if "–" not in page.text("fact-length") else 0
    check("markup is spoken", length > 1, page.text("speak-error") or str(length))
    page["text"].clear()
    page["text"].send_keys("<speak><audio src='x'/></speak>")
    page["text"].send_keys(Keys.CONTROL, Keys.ENTER)
    page.until(lambda: page.text("speak-error"))
    check("an element that can't be spoken is named", "audio" in page.text("speak-error"), page.text("speak-error"))
    page["text"].clear()
    page["text"].send_keys("A plain text.")
    page["input-type"].send_keys("text")
    page["lexicon"].send_keys("As")
    summary.send_keys(Keys.ENTER)


def controls(page):
    playing(page)
    page["play"].send_keys(Keys.SPACE)
    paused = page.run("return Number(document.getElementById('seek').value)")
    check("space pauses", page["play"].get_attribute("aria-label") == "Play")
    page["seek"].send_keys(Keys.ARROW_RIGHT, Keys.ARROW_RIGHT)
    moved = page.run("return Number(document.getElementById('seek').value)")
    check("arrow keys seek", moved > paused, f"{paused} to {moved}")
    page["download"].click()
    name = page.folder / "the-queue-is-short-this.wav"
    page.until(name.exists, 10)
    with wave.open(str(name)) as file:
        check("it is saved as a WAV file", f"{file.getnframes() / 24000:.2f} s" == page.text("fact-length"))
    page["text"].clear()
    page["text"].send_keys("One sentence after another goes by. " * 100)
    page["speak-button"].click()
    page.until(lambda: page.text("fact-first") != "–")
    page["speak-button"].click()
    page.until(lambda: page.text("listen-state") == "Stopped")
    check("stop stops", page.text("speak-button") == "Speak")


def contrast(page, identifier):
    """The ratio of an element's colour and background, as WCAG computes it."""
    colours = page.run("const s = getComputedStyle(document.getElementById(arguments[0])); return [s.color, s.backgroundColor]", identifier)
    def light(colour):
        parts = [float(part) / 255 for part in colour[colour.index("(") + 1:-1].split(",")[:3]]
        parts = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
        return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]
    high, low = sorted(map(light, colours), reverse=True)
    return (high + 0.05) / (low + 0.05)


def stopping(page):
    """Stop is readable under the pointer, and it stops when the form has become invalid."""
    long = "One sentence after another goes by. " * 120
    page.run("document.querySelector('details').open = true")
    for scheme in ["light", "dark"]:
        for spoil in ["text", "seed"]:
            page.colours(scheme)
            page["seed"].clear()
            page.run("const text = document.getElementById('text'); text.value = arguments[0]; text.dispatchEvent(new Event('input'))", long)
            webdriver.ActionChains(page.driver).move_to_element(page["speak-button"]).click().perform()
            page.until(lambda: page.text("speak-button") == "Stop")
            page.run("return new Promise(done => setTimeout(done, 300))")
            check(f"Stop is readable under the pointer, {scheme}", contrast(page, "speak-button") >= 4.5, f"{contrast(page, 'speak'):.2f}")
            page.run("document.getElementById(arguments[0]).value = arguments[1]", spoil, "" if spoil == "text" else "abc")
            page["speak-button"].click()
            page.run("return new Promise(done => setTimeout(done, 500))")
            check(f"Stop stops with an invalid {spoil}, {scheme}",
                  page.text("speak-button") == "Speak" and page.text("listen-state") == "Stopped", page.text("listen-state"))
    page["seed"].clear()
    page.run("document.querySelector('details').open = false")
    page.colours("light")
    below = page.run("return document.getElementById('count').getBoundingClientRect().top - document.getElementById('text').getBoundingClientRect().bottom")
    check("the counter is below the text", below >= 0, f"{below} pixels")


def voices(page, clip, broken):
    page.view("voices")
    page["voice-file"].send_keys(str(broken))
    page["voice-agree"].click()
    page.run("document.querySelector('#new-voice [type=submit]').click()")
    page.until(lambda: page.text("voice-error"))
    check("a file that is no audio is refused in words", len(page.text("voice-error")) > 20, page.text("voice-error"))
    for file, name in [(RECORDINGS / "opus.webm", "Browser voice"), (RECORDINGS / "aac.m4a", "Phone voice"), (clip, "Morning voice")]:
        add_voice(page, [file], name)
        check(f"{file.name} becomes a voice that is chosen", page.run(
            "return document.getElementById('voice').selectedOptions[0].text") == name, page.text("voice-error"))
    speak(page, "This is how I sound.")
    check("a registered voice speaks", page.text("listen-state").startswith("Done"), page.text("speak-error"))


def recording_with_the_microphone(page):
    """The microphone plays the tone of `recording`."""
    page.view("voices")
    page["record"].click()
    page.until(lambda: page.text("record") == "Stop recording")
    page.until(lambda: page.run("return document.getElementById('record-level').value") > 0.2, 10)
    check("the meter shows the level", page["record-level"].is_displayed())
    page.shoot("recording")
    page["record"].click()
    page.until(lambda: page.text("voice-error"))
    check("a short recording is refused", "3 seconds" in page.text("voice-error"), page.text("voice-error"))
    page["record"].click()
    page.until(lambda: page.text("record-clock").startswith("6."), 20)
    page["record"].click()
    page.until(lambda: page["voice-sound"].is_displayed())
    page.until(lambda: page.run("const sound = document.getElementById('voice-sound'); sound.play(); return sound.currentTime") > 0.2, 10)
    check("the recording can be heard before it is saved", not page.run("return document.getElementById('voice-sound').error"))
    page.accessible("recording")
    page.resize(390, 844)
    page.run("document.getElementById('new-voice').scrollIntoView()")
    page.shoot("recorded-narrow")
    page.resize(1280, 1240)
    page["voice-name"].clear()
    page["voice-name"].send_keys("Microphone")
    if not page["voice-agree"].is_selected():
        page["voice-agree"].click()
    page.run("document.querySelector('#new-voice [type=submit]').click()")
    page.until(lambda: "is ready" in page.text("voice-message") or page.text("voice-error"))
    check("a recorded voice is registered and chosen", page.run(
        "return document.getElementById('voice').selectedOptions[0].text") == "Microphone", page.text("voice-error"))
    speak(page, "This is how the microphone sounds.")
    check("a recorded voice speaks", page.text("listen-state").startswith("Done"), page.text("speak-error"))
    page.run("document.getElementById('save-format').value = 'm4a'")
    page["download"].click()
    name = page.folder / "this-is-how-the-microphone.m4a"
    page.until(name.exists, 20)
    check("it is saved as AAC", name.read_bytes()[4:8] == b"ftyp")
    page.run("document.getElementById('save-format').value = 'wav'")


def add_voice(page, files, name):
    page.view("voices")
    # ChromeDriver adds to the chosen files.
    page.run("document.getElementById('voice-file').value = ''")
    page["voice-file"].send_keys("\n".join(map(str, files)))
    page["voice-name"].clear()
    page["voice-name"].send_keys(name)
    if not page["voice-agree"].is_selected():
        page["voice-agree"].click()
    page.run("document.querySelector('#new-voice [type=submit]').click()")
    page.until(lambda: f"{name} is ready" in page.text("voice-message") or page.text("voice-error"))


def detected_language(page):
    page.view("speak")
    page.run("const choice = document.getElementById('language'); choice.value = 'auto';"
             "choice.dispatchEvent(new Event('input', {bubbles: true}))")
    page["text"].clear()
    page["text"].send_keys("Das kostet 5 Euro, und das ist nicht viel.")
    page.run("document.getElementById('preview').open = true")
    page.until(lambda: page.text("preview-segments") or page.text("preview-warnings"))
    check("the language is detected", "fünf" in page.text("preview-segments"), page.text("preview-segments"))
    page.run("document.getElementById('preview').open = false; document.getElementById('language').value = 'en'")


def lexicon_editor(page):
    page.view("voices")
    page["lexicon-id"].send_keys("edited")
    page["lexicon-entries"].send_keys("Nguyen Win")
    submit = lambda: page.run("document.querySelector('#lexicon-form [type=submit]').click()")
    submit()
    page.until(lambda: page.text("lexicon-error"))
    check("a line without = is named", "Nguyen Win" in page.text("lexicon-error"))
    page["lexicon-entries"].clear()
    page["lexicon-entries"].send_keys("Nguyen = Win\nSQL = sequel")
    submit()
    page.until(lambda: "was saved" in page.text("lexicon-message") or page.text("lexicon-error"))
    with urllib.request.urlopen(page.url + "api/v1/tts/lexicons/edited") as answer:
        stored = json.load(answer)
    check("a lexicon is saved and chosen", [entry["spoken"] for entry in stored["entries"]] == ["Win", "sequel"]
          and page.run("return document.getElementById('lexicon').value") == "edited", json.dumps(stored))
    page.accessible("lexicons")
    page["lexicon-remove"].click()
    page.until(lambda: "was deleted" in page.text("lexicon-message") or page.text("lexicon-error"))
    check("a lexicon is deleted", page.run("return document.getElementById('lexicon').value") == "", page.text("lexicon-error"))


def portable_voices(page, clip):
    page.view("voices")
    page.run("document.querySelector('#new-voice details').open = true")
    page["voice-gpt_cond_len"].send_keys("0")
    check("a setting out of range is not sent", not page.run("return document.getElementById('new-voice').checkValidity()"))
    page["voice-gpt_cond_len"].clear()
    page["voice-gpt_cond_len"].send_keys("12")
    page.run("document.getElementById('voice-sound_norm_refs').value = 'true'")
    add_voice(page, [clip, RECORDINGS / "aac.m4a"], "Two recordings")
    with urllib.request.urlopen(page.url + "api/v1/tts/voices") as answer:
        voice = next(voice for voice in json.load(answer)["voices"] if voice["display_name"] == "Two recordings")
    check("several recordings and the settings are sent", voice.get("settings") == {"gpt_cond_len": 12, "sound_norm_refs": True},
          json.dumps(voice))
    page.driver.find_element(By.CSS_SELECTOR, "[aria-label='Export Two recordings']").click()
    file = page.folder / "Two-recordings.json"
    page.until(file.exists, 20)
    exported = json.loads(file.read_text())
    check("a voice is exported", {"gpt_cond_latent", "speaker_embedding"} <= exported.keys())
    add_voice(page, [file], "Moved voice")
    check("an exported voice is imported and chosen", page.run(
        "return document.getElementById('voice').selectedOptions[0].text") == "Moved voice", page.text("voice-error"))


def removal(page):
    page.view("voices")
    count = lambda: len(page.driver.find_elements(By.CSS_SELECTOR, "#voice-list .remove"))
    before = count()
    page.driver.find_element(By.CSS_SELECTOR, "#voice-list .remove").click()
    check("deleting asks first", page["confirm-dialog"].is_displayed())
    page.accessible("dialog")
    page["confirm-yes"].click()
    page.until(lambda: "was deleted" in page.text("hear-message") or page.text("hear-error"))
    check("the voice is gone", count() == before - 1, page.text("hear-error"))


def voice_list(page):
    """Search, hearing before choosing, and the language that comes with a voice."""
    page.view("voices")
    shown = lambda: page.run("return [...document.querySelectorAll('#voice-list [data-voice] span')].map(e => e.textContent)")
    page["voices-filter"].send_keys("PHONE vo")
    check("voices are searched", shown() == ["Phone voice"], shown())
    check("the number of found voices is shown", page.text("voices-count").startswith("1 of "), page.text("voices-count"))
    page.run("document.getElementById('language').value = 'de'")
    chosen = page.run("return document.getElementById('voice').value")
    page.driver.find_element(By.CSS_SELECTOR, "[aria-label='Hear Phone voice']").send_keys(Keys.ENTER)
    page.until(lambda: "ferry" in page.text("hear-message") or page.text("hear-error"))
    check("a voice is heard before it is chosen", page.run("return document.getElementById('voice').value") == chosen,
          page.text("hear-error"))
    page.driver.find_element(By.CSS_SELECTOR, "[aria-label='Use Phone voice']").click()
    check("choosing a voice sets its language", page.run(
        "return [document.getElementById('voice').selectedOptions[0].text, document.getElementById('language').value]")
        == ["Phone voice", "en"])
    page["voices-filter"].send_keys("zzz")
    check("a search without a result shows nothing", shown() == [])
    page["voices-filter"].clear()
    page["voices-filter"].send_keys(" ", Keys.BACKSPACE)
    check("all voices are shown again", len(shown()) > 3, shown())


def takes(page):
    """The takes of this visit are heard again, and written on from."""
    speak(page, "The first take.")
    first = page.text("fact-length")
    page.run("const t = document.getElementById('temperature'); t.value = 1.2; t.dispatchEvent(new Event('input', {bubbles: true}))")
    page.run("document.getElementById('top_k').closest('details').open = true")
    page["top_k"].send_keys("7")
    page["top_p"].send_keys("0.5")
    page["repetition_penalty"].send_keys("3")
    speak(page, "The second take is a longer one.")
    request_id = page.text("fact-request")
    rows = page.run("return [...document.querySelectorAll('#takes p')].map(e => e.textContent)")
    check("takes are listed, the newest first", rows[:2] == ["The second take is a longer one.", "The first take."], rows)
    page.driver.find_elements(By.CSS_SELECTOR, "#takes button")[3].click()
    check("an earlier take is heard again", page.text("fact-length") == first and playing(page), page.text("fact-length"))
    page.driver.find_elements(By.CSS_SELECTOR, "#takes button")[4].click()
    form = page.run("return ['text', 'top_k', 'temperature-value'].map(id => { const e = document.getElementById(id); return e.value })")
    check("its text and settings are taken over", form == ["The first take.", "", "as the model"], form)
    page.accessible("takes")
    page.driver.find_elements(By.CSS_SELECTOR, "#takes button")[5].click()
    check("a take is removed", "The first take." not in page.text("takes"))
    with urllib.request.urlopen(page.url + "api/v1/tts/requests?limit=5") as answer:
        settings = next(row["settings"] for row in json.load(answer)["requests"] if row["request_id"] == request_id)
    check("the sampling settings are sent", [settings[name] for name in ["temperature", "top_k", "top_p", "repetition_penalty"]]
          == ["1.2", "7", "0.5", "3.0"], settings)
    page.run("document.getElementById('top_k').closest('details').open = false")


def example_texts(page):
    page.view("speak")
    languages = page.run("return [...document.getElementById('language').options].map(option => option.value)")
    for language in ["ja", "en"]:
        if language in languages:
            page.run("document.getElementById('language').value = arguments[0]", language)
            page["example"].send_keys(Keys.ENTER)
            text = page["text"].get_attribute("value")
            check(f"an example in {language} is offered", len(text) > 10 and (language == "ja") == ("コーヒー" in text), text)


def programs(page):
    """The request as a program: each is run."""
    page.view("speak")
    page["text"].clear()
    page["text"].send_keys("It's a \"program\".")
    page.run("document.getElementById('save-format').value = 'mp3'")
    page.driver.find_element(By.CSS_SELECTOR, "#program summary").send_keys(Keys.ENTER)
    for name, command in [("curl", ["bash", "-ec"]), ("python", [sys.executable, "-c"]), ("node", ["node", "--input-type=module", "-e"])]:
        page.driver.find_element(By.CSS_SELECTOR, f"[name=program][value={name}]").click()
        program = page.text("program-text")
        file = page.folder / "speech.mp3"
        file.unlink(missing_ok=True)
        done = subprocess.run([*command, program], cwd=page.folder, capture_output=True, text=True)
        made = file.read_bytes()[:2] if file.exists() else b""
        check(f"the request as {name} runs", done.returncode == 0 and (made == b"ID" or made[:1] == b"\xff"), done.stderr[-300:] or program)
    page.accessible("program")
    page.driver.find_element(By.CSS_SELECTOR, "#program summary").send_keys(Keys.ENTER)
    page.run("document.getElementById('save-format').value = 'wav'")


def press(page, label):
    """Clicks a button of a list, again if the list was rebuilt at that moment."""
    def clicked():
        try:
            page.driver.find_element(By.CSS_SELECTOR, f"[aria-label='{label}']").click()
            return True
        except StaleElementReferenceException:
            return False

    page.until(clicked)


def dead_letters(page, clip):
    """A dead-lettered request is seen, requeued when its reason is gone, and another one dropped."""
    connection = pika.BlockingConnection(pika.URLParameters(os.environ["SPEECHBUS_AMQP_URL"]))
    channel = connection.channel()
    # A failed check may have left some.
    channel.queue_purge("tts.dead")
    # Without a requester, an error can't be answered.
    for name, body in [("order-1", {"text": "Better late than never.", "speaker_id": "Late voice", "store_generated_audio": True}), ("order/2", {"text": ""})]:
        channel.basic_publish("", "tts.synthesize", json.dumps(body), pika.BasicProperties(message_id=name, delivery_mode=2))
    connection.close()
    page.view("service")

    def refreshed(condition):
        page["dead-refresh"].click()
        page.run("return new Promise(done => setTimeout(done, 300))")
        return condition()

    rows = lambda: page.run("return [...document.querySelectorAll('#dead tbody tr')].map(row => row.innerText)")
    page.until(lambda: refreshed(lambda: len(rows()) == 2))
    check("dead-lettered messages have reason, queue and age", all(reason in " ".join(rows()) for reason in ["unknown_speaker", "text_empty"])
          and all("tts.synthesize" in row and row.split()[1] == "s" for row in rows()), rows())
    page.until(lambda: page.run("return document.querySelector('#tile-queue .value').textContent").startswith("0"))
    check("the broker's queue stands next to the worker's line", page.run(
        "return [...document.querySelectorAll('.tile h3')].map(e => e.textContent)")[:2] == ["Waiting at the broker", "Waiting in this worker"])
    check("charts have a scale with units", page.run(
        "return document.querySelector('#tile-queue .axis').textContent") == "4 requests")
    for scheme in ["light", "dark"]:
        page.colours(scheme)
        page.accessible(f"service, {scheme}")
        page.shoot(f"service-{scheme}")
    page.resize(390, 844)
    page.accessible("service, narrow")
    page.shoot("service-narrow")
    page.colours("light")
    page.resize(1280, 1240)
    add_voice(page, [clip], "Late voice")
    page.view("service")
    page.until(lambda: len(rows()) == 2)
    press(page, "Requeue order-1")
    page.until(lambda: "was requeued" in page.text("dead-state") or page.text("dead-error"))

    def answered():
        # The other service learns of the voice a moment later; if it gets the request before, it fails again.
        for button in page.driver.find_elements(By.CSS_SELECTOR, "[aria-label='Requeue order-1']"):
            button.click()
            page.run("return new Promise(done => setTimeout(done, 1000))")
        return refreshed(lambda: len(rows()) == 1)

    page.until(answered)
    page["requests-outcome"].send_keys("answered")
    page.until(lambda: page.run("document.getElementById('requests-refresh').click(); return document.querySelector('#requests tbody').innerText.includes('requeue dead letter')"))
    check("a requeued message is answered, and the decision recorded", "order/2" in rows()[0], page.text("dead-error"))
    press(page, "Drop order/2")
    check("dropping asks first", page["confirm-dialog"].is_displayed())
    page["confirm-yes"].click()
    page.until(lambda: "was dropped" in page.text("dead-state") or page.text("dead-error"))
    check("a dropped message is gone", rows() == [] and "None" in page.text("dead-state"), page.text("dead-error") or page.text("dead-state"))
    page["requests-outcome"].send_keys("errors")
    page.until(lambda: page.run("const rows = [...document.querySelectorAll('#requests tbody tr')]; return rows.length && rows.every(row => row.querySelector('.failed'))"))
    # The two services share the queue; the refused recording was for this one.
    check("errors of the audit are shown", "invalid_audio" in page.text("requests"))
    check("usage per user is shown", page.run("return document.querySelector('#usage tbody tr').innerText").startswith("(not named)"))


def described(page):
    page.driver.find_element(By.CSS_SELECTOR, "footer [href=docs]").click()
    page.until(lambda: page.run("return document.querySelectorAll('.operation').length") > 20)
    page.driver.find_element(By.CSS_SELECTOR, "#synthesize summary").click()
    text = page.driver.find_element(By.CSS_SELECTOR, "#synthesize").text
    check("/docs describes the fields of a request", "top_k" in text and "1 to 1026" in text, text[:300])
    page.accessible("docs")
    page.shoot("docs")
    page.open()


def keyboard(page):
    page.open()
    page.until(lambda: page.run("return document.getElementById('voice').options.length") > 0)
    reached = []
    for _ in range(30):
        page.keys(Keys.TAB)
        reached.append(page.focused())
        ring = page.run("return getComputedStyle(document.activeElement.closest('.drop, .composing:has(textarea:focus)') ?? document.activeElement).outlineStyle")
        if ring == "none":
            check(f"focus shows on {reached[-1]}", reached[-1] in ("BODY", "HTML"), ring)
    wanted = ["skip", "theme", "text", "example", "voice", "hear", "language", "speak-button", "save-format"]
    check("Tab reaches everything in order", [name for name in reached if name in wanted][:len(wanted)] == wanted, reached)


def looks(page):
    page.view("voices")
    page.accessible("voices")
    page.shoot("voices-light")
    page.resize(390, 844)
    page.shoot("voices-narrow")
    page.resize(1280, 1240)
    page.view("speak")
    for scheme in ["light", "dark"]:
        page.colours(scheme)
        page.accessible(scheme)
        page.shoot(f"desk-{scheme}")
    for width in [1024, 768, 390, 320]:
        page.resize(width, 900)
        for view in ["voices", "service", "speak"]:
            page.view(view)
            overflow = page.run("return document.documentElement.scrollWidth - document.documentElement.clientWidth")
            check(f"nothing sticks out of {view} at {width} pixels", overflow <= 0, f"{overflow} pixels")
    page.resize(390, 844)
    page.accessible("narrow")
    page.shoot("narrow-dark")
    page.colours("light")
    page.shoot("narrow-light")
    page.resize(1280, 1240)


def behaves(page):
    log = [entry["message"] for entry in page.driver.get_log("browser") if entry["level"] == "SEVERE"]
    # Chromium notes refusals: the recording is a 400, the text without letters a 422.
    log = [line for line in log if "400 (Bad Request)" not in line and "422 (Unprocessable" not in line and "401 (Unauthorized)" not in line]
    check("no error in the console", not log, "; ".join(log))
    asked = set()
    for entry in page.driver.get_log("performance"):
        message = json.loads(entry["message"])["message"]
        if message["method"] == "Network.requestWillBeSent":
            asked.add(message["params"]["request"]["url"])
    outside = [url for url in asked if not url.startswith((page.url, "data:", "blob:", "chrome"))]
    check(f"{len(asked)} addresses asked for, none outside", asked and not outside, str(outside))


def protected(folder, url, token):
    page = Page(url, folder)
    try:
        page.open()
        page.until(lambda: page["token-dialog"].is_displayed())
        check("a protected service asks for its token", page.focused() == "token", page.focused())
        page.accessible("token")
        page["token"].send_keys("wrong", Keys.ENTER)
        page.until(lambda: page.text("token-error"))
        page.shoot("token")
        page["token"].send_keys(token, Keys.ENTER)
        page.until(lambda: page.run("return document.getElementById('voice').options.length") > 0)
        speak(page, "Let in.")
        check("with the token it speaks", page.text("listen-state").startswith("Done"), page.text("speak-error"))
        behaves(page)
    finally:
        page.driver.quit()


def main():
    url, folder = sys.argv[1].rstrip("/") + "/", pathlib.Path(sys.argv[2])
    folder.mkdir(parents=True, exist_ok=True)
    for old in [*folder.glob("*.wav"), *folder.glob("*.m4a"), *folder.glob("*.json"), *folder.glob("*.mp3")]:
        old.unlink()
    clip = recording(folder / "morning.wav")
    page = Page(url, folder, f"--use-file-for-fake-audio-capture={clip}")
    try:
        keyboard(page)
        page.shoot("empty")
        page.resize(1280, 1240)
        preview(page)
        spoken(page)
        controls(page)
        stopping(page)
        broken = folder / "broken.wav"
        broken.write_bytes(b"no audio at all")
        voices(page, clip, broken)
        recording_with_the_microphone(page)
        portable_voices(page, clip)
        voice_list(page)
        takes(page)
        example_texts(page)
        programs(page)
        detected_language(page)
        lexicon_editor(page)
        speak(page, TEXT)
        page.until(lambda: page.run("const seek = document.getElementById('seek'); return seek.value > 0.4 * seek.max"), 20)
        looks(page)
        removal(page)
        dead_letters(page, clip)
        markup(page)
        described(page)
        behaves(page)
    finally:
        page.driver.quit()
    if len(sys.argv) > 4:
        protected(folder, sys.argv[3].rstrip("/") + "/", sys.argv[4])
    print(f"{len(failures)} failed; screenshots are in {folder}")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
