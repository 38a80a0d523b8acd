"""Several right options among several; a wrong one takes back a right one. Pure."""

from fractions import Fraction

from quizzes.kinds.base import lint_options, option_rows, position, rows


class Multiple:
    name = "multiple"

    def parse(self, entry):
        options, feedback, keys = [], {}, []
        for row, option, text in rows(entry, "option", 3, 8):
            options.append({"id": option, "text": text})
            feedback[option] = row.text("feedback")
            if row.flag("key"):
                keys.append(option)
            row.done()
        if not 2 <= len(keys) < len(options):
            entry.error(f"two or more options are keys, and at least one is none; here {len(keys)} are")
        shuffle = entry.flag("shuffle", default=True)
        return {"options": options, "keys": sorted(keys), "shuffle": shuffle}, feedback

    def pieces(self, version):
        return [option["id"] for option in version["options"]]

    def key(self, version):
        return version["keys"]

    def show(self, version, order, answer, name, language):
        texts = {option["id"]: option["text"][language] for option in version["options"]}
        return {
            "name": name,
            "options": [
                {"name": f"{name}-{index}", "text": texts[option], "chosen": option in (answer or [])}
                for index, option in enumerate(order)
            ],
        }

    def read(self, version, order, posted, name):
        chosen = [option for index, option in enumerate(order) if position(posted.get(f"{name}-{index}"), 2)]
        return sorted(chosen) or None

    def accepts(self, version, answer):
        return isinstance(answer, list) and set(answer) <= set(self.pieces(version))

    def mark(self, version, answer):
        """max(0, (keys chosen - others chosen) / keys)."""
        keys, chosen = set(version["keys"]), set(answer)
        return max(Fraction(0), Fraction(len(chosen & keys) - len(chosen - keys), len(keys)))

    def gaps(self, version, answer):
        return int(answer is None)

    def review(self, version, feedback, order, answer, language):
        texts = {option["id"]: option["text"][language] for option in version["options"]}
        keys, chosen = set(version["keys"]), set(answer or [])
        return {
            "rows": [
                {
                    "text": texts[option],
                    "chosen": option in chosen,
                    "is_key": option in keys,
                    "is_right": (option in chosen) == (option in keys),
                    "feedback": feedback.get(option, {}).get(language, ""),
                }
                for option in order
            ]
        }

    def sheet(self, version, feedback, language):
        return option_rows(version["options"], version["keys"], feedback, language)

    def lint(self, version):
        return lint_options(version["options"], version["keys"], most=6)
