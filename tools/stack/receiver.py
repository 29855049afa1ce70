"""An OTLP receiver over HTTP with JSON. It decodes the spans by OTLP's specification, without code of this project."""

import http.server
import json
import re
import threading

KINDS = {1: "internal", 2: "server", 3: "client", 4: "producer", 5: "consumer"}


class Malformed(Exception):
    pass


def require(condition, what):
    if not condition:
        raise Malformed(what)


def value(entry):
    require(isinstance(entry, dict) and len(entry) == 1, f"an attribute has one value: {entry}")
    (kind, content), = entry.items()
    if kind == "stringValue":
        require(isinstance(content, str), entry)
    elif kind == "intValue":
        require(isinstance(content, str) and re.fullmatch(r"-?\d+", content), entry)
        content = int(content)
    elif kind == "doubleValue":
        require(isinstance(content, (int, float)) and not isinstance(content, bool), entry)
    elif kind == "boolValue":
        require(isinstance(content, bool), entry)
    else:
        raise Malformed(f"an unknown kind of value: {entry}")
    return content


def attributes(entries):
    found = {}
    for entry in entries:
        require(set(entry) == {"key", "value"} and entry["key"] not in found, entry)
        found[entry["key"]] = value(entry["value"])
    return found


def nanoseconds(text):
    require(isinstance(text, str) and re.fullmatch(r"\d+", text), text)
    return int(text)


def decode(body):
    """The spans of one ExportTraceServiceRequest."""
    request, spans = json.loads(body), []
    require(set(request) == {"resourceSpans"}, request.keys())
    for group in request["resourceSpans"]:
        resource = attributes(group["resource"]["attributes"])
        for scope in group["scopeSpans"]:
            require(scope["scope"]["name"] and scope["scope"]["version"], scope["scope"])
            for span in scope["spans"]:
                trace, own, parent = span["traceId"], span["spanId"], span.get("parentSpanId")
                require(re.fullmatch(r"[0-9a-f]{32}", trace) and int(trace, 16), trace)
                for identity in [own] + ([parent] if parent is not None else []):
                    require(re.fullmatch(r"[0-9a-f]{16}", identity) and int(identity, 16), identity)
                start, end = nanoseconds(span["startTimeUnixNano"]), nanoseconds(span["endTimeUnixNano"])
                require(start <= end, f"{span['name']} ends before it starts")
                status = span.get("status", {})
                require(status.get("code", 0) in (0, 1, 2), status)
                spans.append({
                    "trace": trace, "id": own, "parent": parent, "name": span["name"], "kind": KINDS[span["kind"]],
                    "start": start, "end": end, "attributes": attributes(span.get("attributes", [])),
                    "failed": status.get("code") == 2, "resource": resource})
    return spans


class Receiver:
    def __init__(self):
        self.spans, self.problems, self.requests, self.headers = [], [], 0, {}
        self.status = 200
        receiver = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                receiver.requests += 1
                receiver.headers = {name.lower(): text for name, text in self.headers.items()}
                if receiver.status == 200:
                    try:
                        require(self.path == "/v1/traces", self.path)
                        require(self.headers["Content-Type"] == "application/json", self.headers["Content-Type"])
                        receiver.spans += decode(body)
                    except Exception as problem:  # Any of them means that a collector would refuse the batch.
                        receiver.problems.append(f"{type(problem).__name__}: {problem}")
                self.send_response(receiver.status)
                self.send_header("Content-Type", "application/json")
                self.end_headers()
                self.wfile.write(b"{}")

            def log_message(self, *arguments):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def of(self, trace):
        return [span for span in self.spans if span["trace"] == trace]
