"""What the views of every app share: a page with a form, what was posted, and one page of a list."""

from django.core.paginator import Paginator
from django.template.response import TemplateResponse

PAGE = 100


def page(request, template, context, form=None):
    """Return the page with `form` in its context; its status is 422 where the form has errors."""
    status = 422 if form is not None and form.errors else 200
    return TemplateResponse(request, template, context | {"form": form}, status=status)


def posted(request):
    """Return the data to bind a form to: what was posted, even where that is nothing, else None."""
    return request.POST if request.method == "POST" else None


def page_of(request, rows, size=PAGE):
    """Return the page of `rows` that the address asks for, the nearest one where there is none such. 2 queries."""
    return Paginator(rows, size).get_page(request.GET.get("page"))
