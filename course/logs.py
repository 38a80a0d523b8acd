"""Write log lines. Imports nothing of the project."""

import re
from logging import LogRecord
from traceback import walk_tb
from typing import Any

from pythonjsonlogger.json import JsonFormatter


class PlainJson(JsonFormatter):
    """JSON of time, level, logger and message alone.

    Django hangs the request on its records, and a traceback may quote values: neither is written, only the failing
    call (file, line, exception's class), so that no name, answer, token or address reaches a log.
    """

    def process_log_record(self, log_data: dict[str, Any]) -> dict[str, Any]:
        """Return the fields that may be written, and no other."""
        written = ("asctime", "levelname", "name", "message", "failed", "at")
        return {key: log_data[key] for key in written if key in log_data}

    def add_fields(self, log_data: dict[str, Any], record: LogRecord, message_dict: dict[str, Any]) -> None:
        """Add the pattern of the address in place of the path, and where a call failed in place of the traceback."""
        super().add_fields(log_data, record, message_dict)
        if hasattr(record, "request"):  # the path may hold a code that lets somebody in: its pattern says enough
            match = getattr(record.request, "resolver_match", None)
            status = getattr(record, "status_code", "")
            log_data["message"] = f"{status} {match.route if match else 'no such address'}".strip()
        if record.exc_info and record.exc_info[0]:
            log_data["failed"] = record.exc_info[0].__name__
            for frame, line in walk_tb(record.exc_info[2]):
                log_data["at"] = f"{frame.f_code.co_filename}:{line}"


class ServerJson(PlainJson):
    """The same of gunicorn's own lines, whose texts come from the request: its address, its path, its first line.

    Numbers are written (of a process, of a signal), and the sentence around them.
    """

    def add_fields(self, log_data: dict[str, Any], record: LogRecord, message_dict: dict[str, Any]) -> None:
        """Write the sentence without what was put into it, be it by an argument or beforehand."""
        super().add_fields(log_data, record, message_dict)
        arguments = iter(record.args if isinstance(record.args, tuple) else ())
        sentence = str(record.msg).partition(" from ip=")[0]
        log_data["message"] = re.sub("%[sdr]", lambda _: _number(next(arguments, None)), sentence)


def _number(argument: object) -> str:
    return str(argument) if isinstance(argument, int) else "…"
