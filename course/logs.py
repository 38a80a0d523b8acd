"""How a log line is written. Imports nothing of the project."""

from pythonjsonlogger.json import JsonFormatter


class PlainJson(JsonFormatter):
    """JSON of time, level, logger and message alone.

    Django hangs the request on its records, and a traceback may quote values: neither is written, only the failing
    call (file, line, exception's class), so that no name, answer, token or address reaches a log.
    """

    def process_log_record(self, log_data):
        kept = {key: log_data[key] for key in ("asctime", "levelname", "name", "message") if key in log_data}
        return kept | {key: log_data[key] for key in ("failed", "at") if key in log_data}

    def add_fields(self, log_data, record, message_dict):
        super().add_fields(log_data, record, message_dict)
        if hasattr(record, "request"):  # the path may hold a code that lets somebody in: its pattern says enough
            match = getattr(record.request, "resolver_match", None)
            status = getattr(record, "status_code", "")
            log_data["message"] = f"{status} {match.route if match else 'no such address'}".strip()
        if record.exc_info and record.exc_info[0]:
            frame = record.exc_info[2]
            while frame.tb_next:
                frame = frame.tb_next
            log_data["failed"] = record.exc_info[0].__name__
            log_data["at"] = f"{frame.tb_frame.f_code.co_filename}:{frame.tb_lineno}"
