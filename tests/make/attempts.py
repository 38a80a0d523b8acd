"""An attempt: begun, answered rightly or wrongly, handed in."""

from decimal import Decimal

from cohorts.exams import asking
from quizzes.models import Attempt, Use
from tests.make.basics import NOW


def quiz(learner, section, right=None, at=NOW):
    """An open quiz; with `right` handed in, so many of its items answered rightly and the rest wrongly."""
    attempt = Attempt.start_quiz(learner, section, at)
    return attempt if right is None else hand_in(attempt, right, at)


def exam(learner, module, right=None, at=NOW, **terms):
    """An open exam; with `right` handed in, so many of its items answered rightly and the rest wrongly."""
    attempt = under_terms(Attempt.start_exam(learner, module, at, **terms))
    return attempt if right is None else hand_in(attempt, right, at)


def under_terms(exam):
    """The exam, begun under what the learner's cohorts had set then, whatever it is held to."""
    if not exam.terms.exists() and not exam.is_trial:
        asking(exam.learner, exam.module, exam.started_at).lay_down(exam)
    return exam


def hand_in(attempt, right, at=NOW):
    responses = list(attempt.responses.order_by("position"))
    answers = {response.position: right_answer(response) for response in responses[:right]}
    answers |= {response.position: wrong_answer(response) for response in responses[right:]}
    attempt.save_answers(answers, "en", at)
    attempt.submit(at)
    return attempt


def give(review, *rights, at=NOW):
    """Answer the next items of an open review, each rightly (True), wrongly (False) or not at all (None)."""
    left = review.responses.filter(marked_at=None).order_by("position").select_related("shown_version")
    for response, right in zip(list(left), rights, strict=False):
        answers = {True: right_answer, False: wrong_answer, None: lambda response: None}
        review.give(response.position, answers[right](response), "en", at)
    review.refresh_from_db()
    return review


def answered(learner, item, right=True, certainty=None, at=NOW):
    """The marked response of an exam of that item alone."""
    attempt = Attempt.objects.create(learner=learner, use=Use.EXAM, seed=1, started_at=at)
    attempt.fix([item.version])
    response = attempt.responses.get()
    attempt.responses.update(
        answer=right_answer(response) if right else wrong_answer(response), saved_at=at, certainty=certainty
    )
    attempt.submit(at)
    return attempt.responses.get()


def exam_result(learner, module, score, at=NOW, **fields):
    """An exam handed in, with that score and no items."""
    return under_terms(
        Attempt.objects.create(
            learner=learner,
            module=module,
            use=Use.EXAM,
            seed=0,
            threshold=module.threshold,
            started_at=at,
            submitted_at=at,
            score=Decimal(score),
            **fields,
        )
    )


def right_answer(response):
    version = response.shown_version
    return version.rules.key(version.document)


def wrong_answer(response):
    """Another option; another label for every statement; the next one's for every pair; an order reversed."""
    version = response.shown_version
    key = right_answer(response)
    if version.kind == "single":
        return next(option for option in response.option_order if option != key)
    if version.kind == "multiple":
        return sorted(set(response.option_order) - set(key))
    if version.kind == "order":
        return dict(zip(sorted(key, key=key.get), sorted(key.values(), reverse=True), strict=True))
    if version.kind == "match":
        return dict(zip(key, [*list(key.values())[1:], *list(key.values())[:1]], strict=True))
    if version.kind in ("number", "short"):
        return {"number": "1200", "short": "Ségou"}[version.kind]
    labels = [label["id"] for label in version.document["labels"]]
    return {statement: next(label for label in labels if label != right) for statement, right in key.items()}


def half_answer(response):
    """Half of a wrong answer, where it has parts."""
    answer = wrong_answer(response)
    if isinstance(answer, dict):
        return dict(list(answer.items())[: len(answer) // 2])
    return answer[:1] if isinstance(answer, list) else answer


def fields(response, answer):
    """What a browser posts for that answer: positions on the page, or what was typed."""
    kind, document = response.shown_version.kind, response.shown_version.document
    if kind == "single":
        return {response.name: response.option_order.index(answer)}
    if kind in ("number", "short"):
        return {response.name: answer}
    if kind == "multiple":
        values = dict.fromkeys(answer, 1)
    elif kind == "order":
        values = {entry: place - 1 for entry, place in answer.items()}
    else:
        offered = [choice["id"] for choice in document["labels" if kind == "classify" else "choices"]]
        values = {piece: offered.index(chosen) for piece, chosen in answer.items()}
    pieces = enumerate(response.option_order)
    return {f"{response.name}-{place}": values[piece] for place, piece in pieces if piece in values}
