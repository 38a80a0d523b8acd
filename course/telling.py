"""Tell the operator what is late: once when it begins, once a day while it lasts, once when it is over.

What each way has told stands in VAR_DIR/watch.json and not in the database, which may be what is away. It is written as
soon as something was sent: whoever is stopped between the two tells that again, and nothing is ever kept back.
"""

import json
from collections.abc import Mapping
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from course.channels import NotTold, Send
from course.lateness import ATTEMPTS, BACKUP, MAIL, READY, TIDY, Looked

AGAIN = timedelta(days=1)
OVER = {
    READY: gettext_lazy("The site can serve again."),
    TIDY: gettext_lazy("“tidy” has run again."),
    BACKUP: gettext_lazy("A backup has succeeded again."),
    MAIL: gettext_lazy("No mail waits for more than an hour any more."),
    ATTEMPTS: gettext_lazy("Attempts whose time was over have been handed in."),
}
Said = dict[str, datetime]  # {what is late: when it was told last}


def tell(looked: Looked, ways: Mapping[str, Send], at: datetime) -> list[str]:
    """Tell by each way what is new to it; return a sentence for each that failed, which tells it at the next run."""
    path = settings.VAR_DIR / "watch.json"
    said, failed = _read(path), []
    for name, send in ways.items():
        lines, then = news(looked, said.get(name, {}), at)
        if lines:
            try:
                send(_("What should run by itself on %(site)s") % {"site": _site()}, "\n".join(lines))
                said[name] = then
                _write(path, said)
            except NotTold as error:
                failed.append(f"{name}: {error}. It will be told again at the next run.")
            except OSError as error:
                failed.append(f"{path}: {error.strerror}. So {name} will be told again at the next run.")
    return failed


def news(looked: Looked, said: Said, at: datetime) -> tuple[list[str], Said]:
    """Return what to tell, and what is said then. What could not be looked at neither ends nor begins."""
    lines, then = [], dict(said)
    for concern, words in looked.items():
        if not words and concern in then:
            lines.append(str(OVER[concern]))
            del then[concern]
        elif words and not (concern in said and abs(at - said[concern]) < AGAIN):
            lines.append(words)
            then[concern] = at
    return lines, then


def _site() -> str:
    return settings.SITE_NAME or settings.ALLOWED_HOSTS[0]


def _read(path: Path) -> dict[str, Said]:
    """Return what each way has told; nothing where the file is not there, or is none of ours: then all is told anew."""
    try:
        rows = json.loads(path.read_bytes())
        return {
            name: {concern: datetime.fromisoformat(at) for concern, at in row.items()} for name, row in rows.items()
        }
    except (OSError, ValueError, TypeError, AttributeError):
        return {}


def _write(path: Path, said: Mapping[str, Said]) -> None:
    """Write the file whole or not at all."""
    rows = {name: {concern: at.isoformat() for concern, at in row.items()} for name, row in said.items()}
    new = path.with_suffix(".new")
    new.write_text(json.dumps(rows))
    new.replace(path)
