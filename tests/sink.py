"""A mail server of a test: it takes what is sent to it and keeps it, on a port of its own."""

import socketserver
import threading
from contextlib import contextmanager
from dataclasses import dataclass, field


@dataclass
class Envelope:
    sender: str = ""
    receivers: list = field(default_factory=list)
    data: bytes = b""


class _Talk(socketserver.StreamRequestHandler):
    """One conversation (RFC 5321): enough of it for a client that keeps to the rules."""

    def handle(self):
        self.say("220 sink")
        envelope = Envelope()
        for line in self.rfile:
            verb, address = line[:4].upper(), line.decode().partition("<")[2].partition(">")[0]
            if verb == b"MAIL":
                envelope = Envelope(sender=address)
            elif verb == b"RCPT" and address in self.server.refuses:
                self.say("550 5.1.1 no such person")
                continue
            elif verb == b"RCPT":
                envelope.receivers.append(address)
            elif verb == b"DATA":
                self.say("354 go on")
                lines = iter(self.rfile.readline, b".\r\n")
                envelope.data = b"".join(row.removeprefix(b".") if row[:2] == b".." else row for row in lines)
                self.server.mails.append(envelope)
            self.say("250 8BITMIME" if verb == b"EHLO" else "221 bye" if verb == b"QUIT" else "250 ok")
            if verb == b"QUIT":
                return

    def say(self, text):
        self.wfile.write(f"{text}\r\n".encode())


@contextmanager
def server(refuses=()):
    """A server with its `address`, (host, port), and the `mails` that it took."""
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), _Talk) as sink:
        sink.daemon_threads, sink.address = True, sink.server_address
        sink.mails, sink.refuses = [], set(refuses)
        threading.Thread(target=sink.serve_forever, daemon=True).start()
        yield sink
        sink.shutdown()
