"""The admin's site, for editors alone, and what its tables share.

What editors do is logged in Audit, which keeps no names of others; Django's own log of the admin is never written.
"""

from collections.abc import Callable
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, TypeVar, cast

from django.contrib import admin
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import redirect_to_login
from django.db import DataError
from django.db.models import Model, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.urls import URLPattern, URLResolver, reverse
from django.utils import timezone
from django.utils.formats import localize
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.addresses import LARGEST_NUMBER
from accounts.models import User

if TYPE_CHECKING:
    from django_stubs_ext import StrPromise

NOTHING = "–"
View = TypeVar("View", bound=Callable[..., HttpResponseBase])


class EditorsAdmin(admin.AdminSite):
    """For staff alone: to everybody else it is not there. One signs in where everybody does, under the same limits."""

    site_header = index_title = gettext_lazy("The editors’ desk")
    site_title = gettext_lazy("Desk")
    enable_nav_sidebar = False
    site_url = None

    def admin_view(self, view: View, cacheable: bool = False) -> View:
        """Answer 404 to everybody but staff."""
        inner = super().admin_view(view, cacheable)

        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if not self.has_permission(request):
                raise Http404
            try:
                return inner(request, *args, **kwargs)
            except (OverflowError, DataError) as error:  # Django's own pages compare with any number that is sent
                raise Http404 from error

        return cast(View, guarded)

    @login_not_required
    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """Lead whoever is not signed in, whom Django sends here, to the site's own sign-in."""
        if request.user.is_authenticated:
            raise Http404
        return redirect_to_login(request.GET.get("next", reverse("admin:index")))

    def get_urls(self) -> list[URLPattern | URLResolver]:
        """Leave out the pages by which Django's admin would sign out or change a password past our own."""
        spent = {"logout", "password_change", "password_change_done", "autocomplete", "view_on_site"}
        return [pattern for pattern in super().get_urls() if getattr(pattern, "name", "") not in spent]


admin_site = EditorsAdmin()
admin_site.disable_action("delete_selected")


class Table(admin.ModelAdmin):
    """A table of the admin: to be looked at, unless it says otherwise."""

    list_per_page = 50
    show_full_result_count = view_on_site = False

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def response_action(  # type: ignore[override] # the stubs have an argument more than Django
        self, request: HttpRequest, queryset: QuerySet[Model]
    ) -> HttpResponseBase | None:
        """Answer 404 where what is selected can be no rows, on which Django would fail."""
        try:
            keys = [int(key) for key in request.POST.getlist(ACTION_CHECKBOX_NAME)]
        except ValueError as error:
            raise Http404 from error
        if max(keys, default=0) > LARGEST_NUMBER:
            raise Http404
        return super().response_action(request, queryset)

    def log_addition(self, request: HttpRequest, obj: Model, message: object) -> None:  # type: ignore[override] # no row
        """Write nothing: Audit has it."""

    def log_change(self, request: HttpRequest, obj: Model, message: object) -> None:  # type: ignore[override] # no row
        """Write nothing: Audit has it."""

    def log_deletions(self, request: HttpRequest, queryset: QuerySet[Model]) -> None:  # type: ignore[override] # no row
        """Write nothing: Audit has it."""

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        raise Http404


def column(name: str, label: "StrPromise", boolean: bool | None = None) -> Callable[[Any, Model], object]:
    """Return a column with a field of the row under a name in the reader's language.

    Days are in that language too, moments in the reader's zone; a dash stands where there is none.
    """

    @admin.display(description=label, ordering=name, boolean=boolean)
    def shown(self: admin.ModelAdmin, row: Model) -> object:
        value = getattr(row, name)
        if isinstance(value, date):
            return localize(timezone.localtime(value) if isinstance(value, datetime) else value)
        return NOTHING if value is None else value

    return shown


def name_of(user: User | None) -> str:
    """Return how editors see a person: the name on the site; a guest's short mark; a dash once erased."""
    if user is None:
        return NOTHING
    return _("Guest %(mark)s") % {"mark": user.name[-4:]} if user.is_guest else user.name
