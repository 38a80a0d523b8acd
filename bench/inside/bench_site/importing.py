"""Read and take a file of many questions in an empty database of the tree: `python -m bench_site.importing COUNT`.

It prints CPU and the most memory of the process so far after each stage. See docs/performance.md for the command.
"""

import resource
import sys
import time

import django

django.setup()

from django.core.management import call_command  # noqa: E402 - need the setup
from django.utils import timezone  # noqa: E402

from accounts.models import User  # noqa: E402
from quizzes import incoming  # noqa: E402
from quizzes.models import Bank  # noqa: E402

OPTION = (
    '<answer fraction="{weight}" format="html"><text>Option {letter} de la question {number}</text>'
    '<feedback format="html"><text>Parce que le texte dit autre chose.</text></feedback></answer>'
)


def question(number: int) -> str:
    """Return a question of Moodle with four options and a reason for each: about 1.1 KB."""
    said = f"<text>Question numéro {number} : qui a signé la pétition ?</text>"
    weights = {letter: 100 * (letter == "b") for letter in "abcd"}
    options = [OPTION.format(weight=weight, letter=letter, number=number) for letter, weight in weights.items()]
    return (
        f'<question type="multichoice"><name>{said}</name><questiontext format="html">{said}</questiontext>'
        '<generalfeedback format="html"><text>Le texte le dit au début.</text></generalfeedback>'
        f"<single>true</single>{''.join(options)}</question>\n"
    )


def tell(stage: str) -> None:
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"{stage:12} {time.process_time():6.1f} s {peak:6.0f} MB", flush=True)


def main(count: str) -> None:
    call_command("migrate", verbosity=0)
    user = User.objects.create(name="Bakary", may_teach_at=timezone.now(), is_guest=False)
    bank = Bank.objects.create(owner=user, title="Bank", languages=["fr"])
    data = f"<quiz>{''.join(map(question, range(int(count))))}</quiz>".encode()
    tell(f"{len(data) / 1e6:.1f} MB")
    reading = incoming.questions_of(bank, user, data, "bank.xml", "fr").to_end()
    tell("read")
    upload = incoming.bring(user, bank, data, "bank.xml", "fr", reading, timezone.now())
    tell("reported")
    del data, reading
    again = incoming.to_take(user, upload).to_end()
    tell("read again")
    made = incoming.take(user, upload, timezone.now(), again).made
    tell(f"{len(made)} made")


if __name__ == "__main__":
    main(*sys.argv[1:])
