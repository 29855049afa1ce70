"""Writes LANG.txt, at least 500 lines each, from texts that anyone can install: the messages of Django (PyPI), which
exist in all seventeen languages, and Debian's translated manual pages where there are some.

  pip download --no-deps -d PACKAGES django==5.2.8
  (cd PACKAGES && apt-get download manpages manpages-{cs,de,es,fr,hu,it,ja,nl,pl,pt-br,ru,tr,zh})
  python3 tools/text/coverage_texts.py PACKAGES TEXTS
"""
from pathlib import Path
import gettext
import gzip
import io
import re
import subprocess
import sys
import tarfile
import zipfile

LINES = 500
DJANGO = {"pt": "pt_BR", "zh-cn": "zh_Hans"}
MANUALS = {"pt": "pt_BR", "zh-cn": "zh_CN", "en": ""}
LANGUAGES = "en es fr de it pt pl tr ru nl cs ar zh-cn hu ko ja hi".split()


def messages(packages, language):
    """The translated messages of Django's wheel; the English originals for English."""
    source = "ru" if language == "en" else DJANGO.get(language, language)
    for wheel in sorted(packages.glob("[Dd]jango-*.whl")):
        with zipfile.ZipFile(wheel) as archive:
            for name in sorted(archive.namelist()):
                if f"/locale/{source}/LC_MESSAGES/django" in name and name.endswith(".mo"):
                    catalog = gettext.GNUTranslations(io.BytesIO(archive.read(name)))._catalog
                    for key, text in catalog.items():
                        original = key[0] if isinstance(key, tuple) else key
                        yield from (original if language == "en" else text).splitlines()


def manual(packages, language):
    """The running text of manual pages, without roff's commands."""
    folder = "./usr/share/man/" + (MANUALS.get(language, language) + "/" if language != "en" else "")
    for package in sorted(packages.glob("manpages*.deb")):
        data = subprocess.run(["dpkg-deb", "--fsys-tarfile", package], check=True, capture_output=True).stdout
        with tarfile.open(fileobj=io.BytesIO(data)) as archive:
            for member in sorted(archive.getmembers(), key=lambda member: member.name):
                if member.isfile() and re.fullmatch(re.escape(folder) + r"man\d/[^/]*\.gz", member.name):
                    page = gzip.decompress(archive.extractfile(member).read()).decode(errors="replace")
                    for line in page.splitlines():
                        if not line.startswith((".", "'", "\\")):
                            line = re.sub(r"\\f(\[[^]]*\]|\(..|.)|\\[&,/|^]|\\\"[^\n]*", "", line)
                            yield re.sub(r"\\\((..)|\\\[(\w+)\]", " ", line).replace("\\-", "-").replace("\\", "")


def main():
    packages, texts = map(Path, sys.argv[1:3])
    texts.mkdir(parents=True, exist_ok=True)
    for language in LANGUAGES:
        lines = []
        for source, most in ((manual, LINES // 2), (messages, LINES)):
            found = dict.fromkeys(" ".join(line.split()) for line in source(packages, language))
            # Long lines first: they say more than the names of buttons.
            lines += sorted(filter(None, found), key=lambda line: len(line) <= 20)[: most - len(lines)]
        (texts / f"{language}.txt").write_text("".join(line + "\n" for line in lines), encoding="utf-8")
        print(f"{language}: {len(lines)} lines")


if __name__ == "__main__":
    main()
