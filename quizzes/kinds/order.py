"""Entries to be put in order, each by the number of its place. Pure."""

from fractions import Fraction
from itertools import combinations

from quizzes.kinds.base import position, rows


class Order:
    name = "order"

    def parse(self, entry):
        """Authors write the entries in the right order; they are kept by id, so that nothing but the key tells it."""
        entries, feedback, key = [], {}, {}
        for place, (row, each, text) in enumerate(rows(entry, "entry", 3, 8), 1):
            entries.append({"id": each, "text": text})
            feedback[each] = row.text("feedback")
            key[each] = place
            row.done()
        entries.sort(key=lambda each: each["id"])
        return {"entries": entries, "key": key, "shuffle": True}, feedback

    def pieces(self, version):
        return [each["id"] for each in version["entries"]]

    def key(self, version):
        return version["key"]

    def show(self, version, order, answer, name, language):
        """The entries by the places given so far, then as the attempt shuffled them."""
        texts = {each["id"]: each["text"][language] for each in version["entries"]}
        answer = answer or {}
        shown = [
            {
                "name": f"{name}-{index}",
                "text": texts[each],
                "place": answer.get(each),
                "places": [{"value": place - 1, "number": place} for place in range(1, len(order) + 1)],
            }
            for index, each in enumerate(order)
        ]
        return {"entries": sorted(shown, key=lambda each: each["place"] or len(order) + 1)}

    def read(self, version, order, posted, name):
        places = {each: position(posted.get(f"{name}-{index}"), len(order)) for index, each in enumerate(order)}
        return {each: place + 1 for each, place in places.items() if place is not None} or None

    def accepts(self, version, answer):
        places = range(1, len(version["entries"]) + 1)
        return (
            isinstance(answer, dict)
            and set(answer) <= set(self.pieces(version))
            and all(place in places for place in answer.values())
        )

    def mark(self, version, answer):
        """The share of pairs in right order; a pair with a shared or missing place is not."""
        pairs = list(combinations(sorted(version["key"], key=version["key"].get), 2))
        right = sum(a in answer and b in answer and answer[a] < answer[b] for a, b in pairs)
        return Fraction(right, len(pairs))

    def gaps(self, version, answer):
        """How many places nobody has: an entry without a place leaves one, and so do two that share one."""
        return len(version["entries"]) - len(set((answer or {}).values()))

    def review(self, version, feedback, order, answer, language):
        texts = {each["id"]: each["text"][language] for each in version["entries"]}
        answer = answer or {}
        return {
            "rows": [
                {
                    "place": place,
                    "text": texts[each],
                    "given": answer.get(each),
                    "is_right": answer.get(each) == place,
                    "feedback": feedback.get(each, {}).get(language, ""),
                }
                for each, place in sorted(version["key"].items(), key=lambda item: item[1])
            ]
        }

    def sheet(self, version, feedback, language):
        rows = self.review(version, feedback, [], None, language)["rows"]
        return [{"text": row["text"], "answer": row["place"], "feedback": row["feedback"]} for row in rows]

    def lint(self, version):
        ids = sorted(version["key"], key=version["key"].get)
        if ids == sorted(ids):
            yield "the ids are in the order of the key: shuffle the letters"
