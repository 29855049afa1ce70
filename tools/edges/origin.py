"""A web server with the answers that speaker_wav_url meets: every status, a redirect loop, a cut and a stalled body, gzip."""
import collections, gzip, http.server, os, threading, time

from clients import plain_wav


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    hits = collections.Counter()

    def log_message(self, *_):
        pass

    def answer(self, status, body=b"", cut=None, **headers):
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body[:cut])
        if cut is not None:
            self.close_connection = True

    def do_GET(self):
        path, wav = self.path.split("?")[0], plain_wav()
        self.hits[path] += 1
        if path == "/206":
            self.answer(206, wav, Content_Range=f"bytes 0-{len(wav) - 1}/{len(wav)}")
        elif path == "/204":
            self.send_response(204)
            self.end_headers()
        elif path[1:].isdigit():
            self.answer(int(path[1:]), b"no")
        elif path == "/loop":
            self.answer(302, Location="/loop")
        elif path == "/page":
            self.answer(200, b"<!DOCTYPE html><title>A preview page</title>", Content_Type="text/html")
        elif path == "/gzip":
            self.answer(200, gzip.compress(wav), Content_Encoding="gzip")
        elif path == "/cut":
            self.answer(200, wav, cut=len(wav) // 2)
        elif path == "/stall":
            self.send_response(200)
            self.send_header("Content-Length", str(len(wav)))
            self.end_headers()
            self.wfile.write(wav[:5000])
            time.sleep(20)
        elif path == "/second-time":
            self.answer(*((503, b"soon") if self.hits[path] < 2 else (200, wav)))
        elif path.startswith("/file/"):
            with open(os.path.join(os.environ["EDGES_RECORDINGS"], os.path.basename(path)), "rb") as file:
                self.answer(200, file.read())
        elif path == "/plain.wav":
            self.answer(200, wav)
        else:
            self.answer(404, b"no")


def start():
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    server.handle_error = lambda *_: None
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return f"http://127.0.0.1:{server.server_port}"
