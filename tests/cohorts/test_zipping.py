"""A ZIP that is sent while it is made."""

import io
import zipfile
from datetime import UTC, datetime
from hashlib import shake_128

import pytest

from cohorts.zipping import parts_of_zip

AT = datetime(2026, 11, 2, 9, 30, 4, tzinfo=UTC)


def test_every_unzipper_reads_what_was_sent_in_parts():
    content = [b"Name;Number\r\n", b"Coulibaly Awa;26-1041\r\n"] * 3
    sent = b"".join(parts_of_zip([("README.txt", [b"What is here"]), ("empty.csv", []), ("marks.csv", content)], AT))
    archive = zipfile.ZipFile(io.BytesIO(sent))
    assert archive.testzip() is None
    assert archive.namelist() == ["README.txt", "empty.csv", "marks.csv"]
    assert archive.read("marks.csv") == b"".join(content)
    assert archive.read("empty.csv") == b""
    entry = archive.getinfo("marks.csv")
    assert (entry.date_time, entry.external_attr >> 16) == ((2026, 11, 2, 9, 30, 4), 0o644)


def test_what_is_made_is_sent_before_the_rest_is_asked_for():
    chunk, asked = shake_128(b"1").digest(100_000), []

    def content():
        for number in range(20):
            asked.append(number)
            yield chunk

    sizes = [len(part) for part in parts_of_zip([("a.csv", content())], AT)]
    assert len(asked) == 20
    assert max(sizes) < 2 * len(chunk)
    parts = parts_of_zip([("a.csv", content())], AT)
    asked.clear()
    assert next(parts).startswith(b"PK")
    assert asked == [0]


def test_what_fails_on_the_way_fails_here_and_never_ends_as_a_whole_file():
    def content():
        yield b"a"
        raise OSError("the database is away")

    parts = parts_of_zip([("a.csv", content())], AT)
    assert next(parts)
    with pytest.raises(OSError, match="away"):
        list(parts)
