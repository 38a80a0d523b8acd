"""Items of a bank that ask nearly the same. Imports neither the ORM nor a request."""

import math
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence

from lessons.content.readability import content_words
from quizzes.flaws import Written
from quizzes.kinds import Version

ALIKE = 0.55


def twins(items: Sequence[Written]) -> list[tuple[int, int, float]]:
    """Return the pairs of items that ask nearly the same: (index, higher index, likeness from ALIKE to 1), in order.

    An item is the words that its stem and its key are about, in the language in which a pair is most alike.
    """
    likest: dict[tuple[int, int], float] = {}
    for language in dict.fromkeys(language for item in items for language in item.version["stem"]):
        for pair, likeness in _alike([asked_words(item, language) for item in items]).items():
            likest[pair] = max(likeness, likest.get(pair, 0))
    return [(*pair, likest[pair]) for pair in sorted(likest)]


def asked_words(item: Written, language: str) -> frozenset[str]:
    """Return the words that stem and key of an item are about in that language.

    Those of a statement stand with the label that is its key: to give the same lines other labels is another thing.
    """
    version = item.version
    words = content_words(" ".join([version["stem"].get(language, ""), *_keyed(version, language)]), language)
    labelled = (
        f"{version['key'].get(statement['id'])} {word}"
        for statement in version.get("statements", ())
        for word in content_words(statement["text"].get(language, ""), language)
    )
    return words.union(labelled)


def _keyed(version: Version, language: str) -> Iterator[str]:
    """Yield what the key says: keyed options, entries, pairs and choices, accepted forms, a number."""
    keys = version.get("keys", [version.get("key")])
    yield from (option["text"].get(language, "") for option in version.get("options", ()) if option["id"] in keys)
    for pieces in ("entries", "pairs", "choices"):
        yield from (piece["text"].get(language, "") for piece in version.get(pieces, ()))
    yield from version.get("accepted", {}).get(language, ())
    yield version.get("value", "")


def _alike(bags: Sequence[frozenset[str]]) -> dict[tuple[int, int], float]:
    """Return {pair: likeness} of the bags that are alike.

    Likeness is the weight of the words that two have over that of the words that either has (Jaccard, weighted); a word
    weighs the more the fewer have it (inverse document frequency, Spärck Jones 1972, Journal of Documentation 28,
    11-21). Two that are alike share one of the rare words that each begins with, so that only those are compared:
    prefix filtering, Bayardo, Ma & Srikant 2007, "Scaling up all pairs similarity search", WWW 131-140. Exact.
    """
    frequency = Counter(word for bag in bags for word in bag)
    weight = {word: math.log(1 + len(bags) / count) for word, count in frequency.items()}
    sorted_bags = [sorted(bag, key=lambda word: (-weight[word], word)) for bag in bags]
    totals = [math.fsum(weight[word] for word in bag) for bag in bags]
    having: defaultdict[str, list[int]] = defaultdict(list)
    pairs: dict[tuple[int, int], float] = {}
    for index, words in enumerate(sorted_bags):
        candidates: set[int] = set()
        left = totals[index]
        for word in words:
            if left < ALIKE * totals[index]:
                break
            candidates.update(having[word])
            having[word].append(index)
            left -= weight[word]
        for other in candidates:
            shared = math.fsum(weight[word] for word in bags[index] & bags[other])
            likeness = shared / (totals[index] + totals[other] - shared)
            if likeness >= ALIKE:
                pairs[other, index] = likeness
    return pairs
