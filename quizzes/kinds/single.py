"""One right option among several. Pure."""

from fractions import Fraction

from quizzes.kinds.base import lint_options, option_rows, position, rows


class Single:
    name = "single"

    def parse(self, entry):
        options, feedback, keys = [], {}, []
        for row, option, text in rows(entry, "option", 2, 8):
            options.append({"id": option, "text": text})
            feedback[option] = row.text("feedback")
            if row.flag("key"):
                keys.append(option)
            row.done()
        if len(keys) != 1:
            entry.error(f"one option is the key (key = true); here {len(keys)} are")
        shuffle = entry.flag("shuffle", default=len(options) > 2)
        return {"options": options, "key": keys[0] if keys else "", "shuffle": shuffle}, feedback

    def pieces(self, version):
        return [option["id"] for option in version["options"]]

    def key(self, version):
        return version["key"]

    def show(self, version, order, answer, name, language):
        texts = {option["id"]: option["text"][language] for option in version["options"]}
        return {
            "options": [
                {"name": name, "value": index, "text": texts[option], "chosen": option == answer}
                for index, option in enumerate(order)
            ]
        }

    def read(self, version, order, posted, name):
        index = position(posted.get(name), len(order))
        return None if index is None else order[index]

    def accepts(self, version, answer):
        return answer in self.pieces(version)

    def mark(self, version, answer):
        return Fraction(answer == version["key"])

    def gaps(self, version, answer):
        return int(answer is None)

    def review(self, version, feedback, order, answer, language):
        texts = {option["id"]: option["text"][language] for option in version["options"]}
        return {
            "given": texts.get(answer, ""),
            "feedback": feedback.get(answer, {}).get(language, ""),
            "right": texts[version["key"]],
        }

    def sheet(self, version, feedback, language):
        return option_rows(version["options"], [version["key"]], feedback, language)

    def lint(self, version):
        return lint_options(version["options"], [version["key"]])
