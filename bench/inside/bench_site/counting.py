"""The tree's settings, and a middleware that tells in a header how many statements an answer took."""

from collections.abc import Callable
from typing import Any

from django.db import connection
from django.http import HttpRequest, HttpResponse

from course.settings import *  # noqa: F403 - settings over settings
from course.settings import MIDDLEWARE as OF_THE_TREE

MIDDLEWARE = ["bench_site.counting.counted", *OF_THE_TREE]
NOT_COUNTED = ("BEGIN", "COMMIT", "ROLLBACK", "SAVEPOINT", "RELEASE")  # they ask for nothing, and the engines differ


def counted(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Count the statements of each request, all but those that only begin and end transactions."""

    def middleware(request: HttpRequest) -> HttpResponse:
        statements = 0

        def count(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
            nonlocal statements
            statements += not sql.lstrip().upper().startswith(NOT_COUNTED)
            return execute(sql, params, many, context)

        with connection.execute_wrapper(count):
            response = get_response(request)
        response.headers["X-Statements"] = str(statements)
        return response

    return middleware
