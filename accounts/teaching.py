"""What opens to those who may teach alone: keys, facilitator's sheets. Everybody else is told how to ask for it."""

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, ParamSpec

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponseBase
from django.template.response import TemplateResponse

from accounts.second_step import opens_to_teachers

Parts = ParamSpec("Parts")
View = Callable[Concatenate[Any, Parts], HttpResponseBase]


def for_teachers(view: View[Parts]) -> View[Parts]:
    """Open a view to those who may teach; tell all others how to ask, whether what the address names is there or not.

    Visitors too: they need not make an account to learn that one is not enough. An editor whose second step is off is
    led to turn it on.
    """

    @wraps(view)
    def guarded(request: HttpRequest, *args: Parts.args, **kwargs: Parts.kwargs) -> HttpResponseBase:
        if request.user.is_authenticated and request.user.may_teach:
            return view(request, *args, **kwargs)
        return TemplateResponse(request, "accounts/for_teachers.html", status=403)

    return login_not_required(opens_to_teachers(guarded))
