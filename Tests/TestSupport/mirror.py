"""A web server that fails, stalls, truncates and lies, by the first word of the path.

usage: mirror.py FOLDER     Serves FOLDER/files; writes its port to FOLDER/port and its requests to FOLDER/requests.
"""
import http.server
import os
import sys
import time

folder = sys.argv[1]


class Mirror(http.server.BaseHTTPRequestHandler):
    asked = {}

    def do_GET(self):
        _, way, name = self.path.split("/", 2)
        wanted = self.headers.get("Range")
        with open(f"{folder}/requests", "a") as log:
            log.write(f"{self.path} {wanted or 'whole'}\n")
        turn = self.asked[self.path] = self.asked.get(self.path, 0) + 1
        if way in ("missing", "refuses", "broken") or (way == "flaky" and turn == 1):
            self.send_error({"missing": 404, "refuses": 412, "flaky": 503, "broken": 500}[way])
            return
        if way == "login":
            self.reply(b"<html>Please log in.</html>")
            return
        if way == "endless":
            self.send_response(200)
            self.end_headers()
            while True:
                self.wfile.write(bytes(1 << 16))
        if way == "huge":
            self.send_response(200)
            self.send_header("Content-Length", str(10**12))
            self.end_headers()
            return
        with open(f"{folder}/{'other' if way == 'lies' else 'files'}/{name}", "rb") as file:
            data = file.read()
        start = 0
        if wanted and way != "forgetful":
            start = int(wanted.removeprefix("bytes=").split("-")[0])
            if start >= len(data):
                self.send_error(416)
                return
        third = len(data) // 3 + 1
        if way == "truncates":
            self.reply(data, start, stop=start + third)
        elif way == "forgetful" and turn == 1:
            self.reply(data, start, stop=third)
        elif way == "stalls" and len(self.asked) == 1 and turn == 1:
            # Only the first file: each costs the patience of who asks.
            self.reply(data, start, stop=third)
            time.sleep(30)
        else:
            self.reply(data, start)

    def reply(self, data, start=0, stop=None):
        self.send_response(206 if start else 200)
        self.send_header("Content-Length", str(len(data) - start))
        if start:
            self.send_header("Content-Range", f"bytes {start}-{len(data) - 1}/{len(data)}")
        self.end_headers()
        self.wfile.write(data[start:stop])
        self.wfile.flush()
        self.close_connection = True

    def log_message(self, *_):
        pass


server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Mirror)
with open(f"{folder}/port.part", "w") as file:
    file.write(str(server.server_address[1]))
os.rename(f"{folder}/port.part", f"{folder}/port")
server.serve_forever()
