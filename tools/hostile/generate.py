"""Writes 50 hostile or damaged checkpoint files, and expected.json which says what each is.

  generate.py OUT_DIR      (standard library only)

Each must be refused with an error, within a second, without running anything: the files that call code would create
OUT_DIR/executed. To check that:

  CHECKPOINT_HOSTILE_DIR=OUT_DIR swift test --filter HostileDirectoryTests
"""
import json
import os
import pickle
import struct
import sys
import zlib

OUT = sys.argv[1]
MARKER = os.path.abspath(os.path.join(OUT, "executed"))
STORAGE = bytes(range(16))
CASES = {}


def add(name, why, data):
    assert name not in CASES
    CASES[name] = why
    with open(os.path.join(OUT, name), "wb") as file:
        file.write(data)


# --- Pickles, opcode by opcode

def op(text):
    return text.encode("latin-1")


def text(value):
    data = value.encode()
    return b"X" + struct.pack("<I", len(data)) + data


def number(value):
    return b"\x8a\x08" + struct.pack("<q", value)


def pair(values):
    return b"(" + b"".join(number(v) for v in values) + b"t"


def name(module, attribute):
    return f"c{module}\n{attribute}\n".encode()


def pickled(*parts):
    return b"\x80\x02" + b"".join(parts) + b"."


def call(module, attribute, argument=None):
    return pickled(name(module, attribute), b"(", text(argument or f"touch {MARKER}"), b"tR")


def tensor(kind="FloatStorage", key="0", count=4, offset=0, shape=(2, 2), strides=(2, 1)):
    storage = b"((" + text("storage") + name("torch", kind) + text(key) + text("cpu") + number(count) + b"tQ"
    arguments = storage + number(offset) + pair(shape) + pair(strides) + b"\x89}"
    built = name("torch._utils", "_rebuild_tensor_v2") + arguments + b"tR"
    return pickled(b"}", text("model"), b"}", text("w"), built, b"ss")


# --- Zip files, header by header

def archive(entries, count=None, directory_offset=None, tail=b""):
    """entries: dicts of name, data and what the headers claim instead: size, offset, crc, method, flags, local_name."""
    body, directory = b"", b""
    for entry in entries:
        data, label = entry["data"], entry["name"].encode()
        size, crc = entry.get("size", len(data)), entry.get("crc", zlib.crc32(data))
        common = struct.pack("<HHHHIII", entry.get("flags", 0), entry.get("method", 0), 0, 0, crc, size, size)
        offset = entry.get("offset", len(body))
        local = entry.get("local_name", entry["name"]).encode()
        body += b"PK\3\4" + struct.pack("<H", 20) + common + struct.pack("<HH", len(local), 0) + local + data
        extra = entry.get("extra", b"")
        lengths = struct.pack("<HHHHHII", len(label), len(extra), 0, 0, 0, 0, offset)
        directory += b"PK\1\2" + struct.pack("<HH", 20, 20) + common + lengths + label + extra
    count = len(entries) if count is None else count
    start = len(body) if directory_offset is None else directory_offset
    return body + directory + tail + b"PK\5\6" + struct.pack("<HHHHIIH", 0, 0, count, count, len(directory), start, 0)


def torch_zip(data, *storages, **changes):
    entries = [{"name": "a/data.pkl", "data": data}]
    entries += [{"name": f"a/data/{i}", "data": storage} for i, storage in enumerate(storages)]
    for key, value in changes.items():
        entries[-1][key] = value
    return archive(entries)


def safetensors(header, data=b"\0" * 4, length=None):
    header = header if isinstance(header, bytes) else json.dumps(header).encode()
    return struct.pack("<Q", len(header) if length is None else length) + header + data


def f32(shape, start, end, kind="F32"):
    return {"dtype": kind, "shape": shape, "data_offsets": [start, end]}


class Evil:
    def __reduce__(self):
        return (os.system, (f"touch {MARKER}",))


def write_pickles():
    for module, attribute in [("os", "system"), ("posix", "system"), ("subprocess", "Popen"), ("builtins", "eval"),
                              ("__builtin__", "exec"), ("builtins", "getattr"), ("runpy", "run_path"),
                              ("importlib", "import_module"), ("pickle", "loads"), ("shutil", "rmtree")]:
        add(f"call-{module}-{attribute}.pth", "calls code", torch_zip(call(module, attribute), STORAGE))
    add("call-reduce.pth", "a class with __reduce__", torch_zip(pickle.dumps(Evil(), 2), STORAGE))
    add("call-reduce-protocol-4.pth", "the same through STACK_GLOBAL", torch_zip(pickle.dumps(Evil(), 4), STORAGE))
    add("call-dotted.pth", "reaches eval through a harmless class",
        torch_zip(call("collections", "OrderedDict.__init__.__globals__"), STORAGE))
    add("opcode-inst.pth", "INST", torch_zip(pickled(b"(", text("x"), op("ios\nsystem\n")), STORAGE))
    add("opcode-obj.pth", "OBJ", torch_zip(pickled(b"(", name("some", "Class"), text("x"), b"o"), STORAGE))
    add("opcode-ext1.pth", "EXT1", torch_zip(pickled(b"\x82\x01"), STORAGE))
    add("opcode-persid.pth", "text persistent id", torch_zip(pickled(b"Pstorage\n"), STORAGE))
    add("protocol-0.pth", "protocol 0", torch_zip(pickle.dumps({"model": 1}, 0), STORAGE))
    bomb = b"]q\0" + b"".join(b"](" + bytes([0x68, i - 1]) * 10 + b"eq" + bytes([i]) for i in range(1, 60))
    add("memo-bomb.pth", "10^59 values when written out", torch_zip(pickled(bomb), STORAGE))
    add("memo-flood.pth", "400,000 memo entries",
        torch_zip(pickled(b"]", *(b"r" + struct.pack("<I", i) for i in range(400_000))), STORAGE))
    add("deep.pth", "tuples nested a million deep", torch_zip(pickled(b")", b"\x85" * 1_000_000), STORAGE))
    add("circle.pth", "a list that holds itself", torch_zip(pickled(b"]q\0h\0a"), STORAGE))
    add("stack-flood.pth", "a million values on the stack", torch_zip(pickled(b"N" * 1_000_000), STORAGE))
    add("marks.pth", "a million marks", torch_zip(pickled(b"(" * 1_000_000), STORAGE))
    add("text-4gb.pth", "a text that claims 4 GB", torch_zip(pickled(b"X\xff\xff\xff\xff"), STORAGE))
    add("underflow.pth", "takes from an empty stack", torch_zip(pickled(b"R"), STORAGE))
    add("unfinished.pth", "no STOP", torch_zip(b"\x80\x02}", STORAGE))


def write_tensors():
    for label, why, changes in [
        ("offset", "starts beyond its storage", {"offset": 5}),
        ("shape", "is larger than its storage", {"shape": (3, 2)}),
        ("strides", "strides out of its storage", {"strides": (3, 1)}),
        ("expanded", "claims 2^40 elements by stride 0", {"shape": (1 << 40,), "strides": (0,)}),
        ("overflow", "overflows 64 bits", {"shape": (2**62, 2**62), "strides": (1, 1)}),
        ("negative", "has a negative size", {"shape": (-1, 4)}),
        ("storage", "announces more than the entry has", {"count": 1 << 40}),
        ("key", "names a storage outside the file", {"key": "../../../etc/passwd"}),
        ("type", "has a scalar type nobody knows", {"kind": "EvilStorage"}),
    ]:
        add(f"tensor-{label}.pth", why, torch_zip(tensor(**changes), STORAGE))


def write_zips():
    good = torch_zip(tensor(), STORAGE)
    add("zip-truncated.pth", "cut in half", good[: len(good) // 2])
    add("zip-no-end.pth", "its end record cut off", good[:-22])
    add("zip-4gb.pth", "an entry that claims 4 GB", torch_zip(tensor(), STORAGE, size=0xFFFF_FFF0))
    add("zip-overlap.pth", "an entry inside another",
        archive([{"name": "a/data.pkl", "data": tensor()}, {"name": "a/data/0", "data": STORAGE},
                 {"name": "a/data/1", "data": b"", "offset": len(tensor()) + 40, "local_name": "a/data/0",
                  "size": 16}]))
    add("zip-deflated.pth", "compressed", torch_zip(tensor(), STORAGE, method=8))
    add("zip-encrypted.pth", "encrypted", torch_zip(tensor(), STORAGE, flags=1))
    add("zip-entries.pth", "claims 65534 entries", archive([{"name": "a/data.pkl", "data": tensor()}], count=65534))
    zip64 = b"PK\6\6" + struct.pack("<QHHIIQQQQ", 44, 45, 45, 0, 0, 2**63, 2**63, 2**63, 2**63)
    entry = [{"name": "a/data.pkl", "data": tensor()}]
    start = len(archive(entry)) - 22
    add("zip-zip64.pth", "2^63 entries by zip64", archive(
        entry, count=0xFFFF, tail=zip64 + b"PK\6\7" + struct.pack("<IQI", 0, start, 1)))
    add("zip-crc.pth", "a damaged pickle", archive([{"name": "a/data.pkl", "data": tensor(), "crc": 1}]))
    add("html.pth", "a web page", b"<!DOCTYPE html><html><body>404</body></html>")


def write_safetensors():
    add("length.safetensors", "a header of 2^64 bytes", safetensors(b"{}", length=2**64 - 1))
    add("outside.safetensors", "a tensor beyond the file", safetensors({"a": f32([1 << 30], 0, 1 << 32)}))
    add("overlap.safetensors", "two tensors in the same bytes", safetensors({"a": f32([1], 0, 4), "b": f32([1], 0, 4)}))
    add("deep.safetensors", "JSON nested 100,000 deep", safetensors(b'{"a":' * 100_000))


os.makedirs(OUT, exist_ok=True)
write_pickles()
write_tensors()
write_zips()
write_safetensors()
with open(os.path.join(OUT, "expected.json"), "w") as file:
    json.dump(CASES, file, indent=2)
assert not os.path.exists(MARKER)
print(f"{len(CASES)} files in {OUT}")
