"""Tables as text: P1 to P8, and every act that was measured. In Markdown, so that they can be kept as they are."""

from collections.abc import Iterable, Iterator, Sequence

from bench.results import NOT_MEASURED, Loading, Results, Row, loading_rows, rows
from bench.slices import Figure

COMPARES = {  # {act of the peer: the product's that serves the same purpose, where its name is another}
    "sign in: session": "sign in: form",
    "attempt: ten answers saved": "attempt: save",
    "class of 60": "board of 60",
    "class of 500": "board of 500",
}


def lines(cells: Sequence[Sequence[str]]) -> Iterator[str]:
    """Yield the lines of a table whose first row is its head."""
    widths = [max(len(row[column]) for row in cells) for column in range(len(cells[0]))]
    for number, row in enumerate(cells):
        yield "| " + " | ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) + " |"
        if number == 0:
            yield "|" + "|".join("-" * (width + 2) for width in widths) + "|"


def goals(table: Iterable[Row]) -> Iterator[str]:
    """Yield the table of what must hold, and whether it does."""
    head = ["", "what", "goal", "figure", "range", "holds"]
    yield from lines([head, *[[row.key, row.what, row.goal, row.figure, row.spread, row.verdict] for row in table]])


def acts(results: Results) -> Iterator[str]:
    """Yield the table of every act: its cost as a ratio to the base page, its statements, its bytes as sent."""
    cells = [["act", "ratio", "range", "statements", "bytes"]]
    measured = results.measured
    names = list(dict.fromkeys([*measured.request, *measured.time, *results.counts]))
    for name in names:
        values = measured.request.get(name) or measured.time.get(name) or []
        figure = Figure.of(values) if values else None
        statements, size = results.counts.get(name, (None, None))
        cells.append(
            [
                name,
                f"{figure.median:.2f}" if figure else "",
                f"{figure.low:.2f} – {figure.high:.2f}" if figure else "",
                "" if statements is None else str(statements),
                "" if size is None else f"{size:,}",
            ]
        )
    yield from lines(cells)


def writers(results: Results) -> Iterator[str]:
    """Yield a line for each run of eight writers, in milliseconds."""
    for what, runs in results.writers.items():
        for median, twentieth, longest in runs:
            yield f"8 at once, {what}: median {median:.0f} ms, p95 {twentieth:.0f} ms, longest {longest:.0f} ms"


def beside(peer: Results, product: Results) -> Iterator[str]:
    """Yield the table of a peer's acts as ratios to the product's base page, and what compares of the product."""
    cells = [["act", "ratio", "range", "bytes", "the product's", "ratio"]]
    for name, values in peer.measured.time.items():
        figure, same = Figure.of(values), COMPARES.get(name, name)
        ours = product.measured.time.get(same)
        spread, size = f"{figure.low:.2f} – {figure.high:.2f}", peer.counts.get(name, (0, 0))[1]
        compared = [same, f"{Figure.of(ours).median:.2f}"] if ours else ["", ""]
        cells.append([name, f"{figure.median:.2f}", spread, f"{size:,}" if size else "", *compared])
    if len(cells) > 1:
        yield from [*lines(cells), ""]
        yield from _remarks(peer)
    else:
        yield from peer.notes or [NOT_MEASURED]


def report(head: str, measured: Sequence[Results], loading: Loading | None, peer: Results | None = None) -> str:
    """Return everything as one text. Each goal that is missed is named once more at its end."""
    parts, missed = [head, ""], []
    for results in measured:
        table = list(rows(results))
        parts += [f"## {results.engine}", "", *goals(table), "", *acts(results), ""]
        parts += [*writers(results), *_remarks(results), ""]
        missed += [f"{results.engine}: {row.key}, {row.what}: {row.figure}" for row in table if row.holds is False]
    of_loading = list(loading_rows(loading))
    parts += ["## Loading, SQLite", "", *goals(of_loading), ""]
    missed += [f"{row.key}, {row.what}: {row.figure}" for row in of_loading if row.holds is False]
    if peer:
        parts += [f"## A peer: {peer.engine}", "", *beside(peer, measured[0] if measured else Results("")), ""]
    parts += ["## Missed", "", *([f"- {line}" for line in missed] or ["Nothing."])]
    return "\n".join(parts) + "\n"


def _remarks(results: Results) -> Iterator[str]:
    if results.measured.base:
        base, times = Figure.of(results.measured.base), results.measured.in_a_slice
        slices = f"{base.count} slices of {times}"
        yield f"base page: {base.median:.2f} ms of CPU ({base.low:.2f} – {base.high:.2f}), {slices}"
    yield f"rounds: {results.measured.rounds}"
    yield from (f"{name}: not measured: {why}" for name, why in results.measured.failed.items())
    yield from results.notes
