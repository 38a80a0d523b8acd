"""What stands in an address: a converter for numbers, for words, for what is pasted; and who answers which method.

Django only.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, ParamSpec

from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.urls import register_converter, reverse
from django.urls.converters import IntConverter, SlugConverter, StringConverter
from django.views.decorators.http import require_http_methods

LARGEST_NUMBER = 2**63 - 1  # what the key of a row may be, on both databases
LONGEST_WORD = 100
LONGEST_PASTED = 1000


class Number(IntConverter):
    """The number of a row; one that no row can have is no address."""

    regex = "[0-9]{1,19}"

    def to_python(self, value: str) -> int:
        number = int(value)
        if number > LARGEST_NUMBER:
            raise ValueError
        return number


class Word(SlugConverter):
    """A slug or a code."""

    regex = f"[-a-zA-Z0-9_]{{1,{LONGEST_WORD}}}"


class Pasted(StringConverter):
    """Whatever somebody pasted behind an address of ours, slashes and line breaks too."""

    regex = rf"[\s\S]{{1,{LONGEST_PASTED}}}"


register_converter(Number, "number")
register_converter(Pasted, "pasted")
register_converter(Word, "word")

# For a page with a form: HEAD is answered as GET is.
require_page = require_http_methods(["GET", "HEAD", "POST"])

Rest = ParamSpec("Rest")
View = Callable[Concatenate[Any, Rest], HttpResponseBase]


def require_button(page: str, *parts: str, anchor: str = "") -> Callable[[View[Rest]], View[Rest]]:
    """Let a view answer POST alone, and send whoever opens or reloads its address to the page that has the button.

    `page` is the name of that page's address, `parts` are those of its parts, which the view's own address has too;
    `anchor` is where on the page, with parts of the address in braces. A GET or HEAD asks no database and no right:
    the page does.
    """

    def decorate(view: View[Rest]) -> View[Rest]:
        @wraps(view)
        def answer(request: HttpRequest, *args: Rest.args, **kwargs: Rest.kwargs) -> HttpResponseBase:
            if request.method == "POST":
                return view(request, *args, **kwargs)
            address = reverse(page, kwargs={part: kwargs[part] for part in parts})
            return redirect(address + (f"#{anchor.format(**kwargs)}" if anchor else ""))

        return require_page(answer)

    return decorate
