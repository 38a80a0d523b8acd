"""Whether sources still answer at their addresses. Needs the network; imports neither the ORM nor a request."""

import socket
import urllib.error
import urllib.request
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from http import HTTPStatus

from lessons.content.ledger import Reference

AT_ONCE = 8  # addresses that are asked together
PATIENCE = 20  # seconds for one of them
GONE = (HTTPStatus.NOT_FOUND, HTTPStatus.GONE)
ASK_OTHERWISE = (HTTPStatus.FORBIDDEN, HTTPStatus.METHOD_NOT_ALLOWED, HTTPStatus.NOT_IMPLEMENTED)
AGENT = "Mozilla/5.0 (compatible; a check of sources)"


def fault(address: str, method: str = "HEAD") -> tuple[str, bool]:
    """Return (what is wrong, whether it is dead) of an address; ("", False) where it answers.

    What a site refuses to a program, or cannot answer today, is no proof that the page is gone.
    """
    request = urllib.request.Request(address, method=method, headers={"User-Agent": AGENT})  # noqa: S310 - http(s) alone
    try:
        with urllib.request.urlopen(request, timeout=PATIENCE):  # noqa: S310 - as above
            return "", False
    except urllib.error.HTTPError as error:
        error.close()
        if error.code in ASK_OTHERWISE and method == "HEAD":
            return fault(address, "GET")
        return f"answers {error.code}", error.code in GONE
    except urllib.error.URLError as error:
        is_unknown = isinstance(error.reason, socket.gaierror)
        return ("leads to a site that nobody knows" if is_unknown else f"gives no answer: {error.reason}"), is_unknown
    except (OSError, ValueError) as error:
        return f"gives no answer: {error}", False


def faults(references: Iterable[Reference]) -> Iterator[tuple[Reference, str, bool]]:
    """Yield (reference, what is wrong with its address or "", whether it is dead), in order, as the answers come."""
    rows = [reference for reference in references if "url" in reference.document]
    with ThreadPoolExecutor(AT_ONCE) as pool:
        answers = pool.map(fault, [reference.document["url"] for reference in rows])
        for reference, (words, is_dead) in zip(rows, answers, strict=True):
            yield reference, words, is_dead
