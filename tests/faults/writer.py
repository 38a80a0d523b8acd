"""One of several processes that save answers at once: `python -m tests.faults.writer ATTEMPT SAVES [plain]`.

It says that it is ready, waits for a line, and saves, each time as a request of its own. With `plain` Django's own
options of SQLite replace the site's. Ends with JSON: the seconds of each save, and what failed.
"""

import json
import sys
from time import monotonic

import django
from django.db import OperationalError, close_old_connections, connection
from django.utils import timezone

django.setup()

from quizzes.models import Attempt  # noqa: E402 - needs the setup


def main(attempt, saves, plain=""):
    if plain:
        connection.settings_dict["OPTIONS"] = {}
    sitting = Attempt.objects.get(pk=attempt)
    response = sitting.responses.select_related("shown_version").get(position=1)
    connection.close()
    print("ready", flush=True)
    sys.stdin.readline()
    seconds, failed = [], []
    for number in range(int(saves)):
        answer = response.option_order[number % len(response.option_order)]
        began = monotonic()
        try:
            assert sitting.save_answers({1: answer}, "en", timezone.now())
        except OperationalError as error:
            failed.append(str(error))
        close_old_connections()
        seconds.append(monotonic() - began)
    print(json.dumps({"seconds": seconds, "failed": failed}))


if __name__ == "__main__":
    main(*sys.argv[1:])
