"""On the editors' desk: help whoever lost password and words back in, without learning a secret (decision 0049)."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User, WayIn
from accounts.pages import PersonRequest


class WhyForm(forms.Form):
    """How the editor knows who is asking."""

    why = forms.CharField(
        label=gettext_lazy("How do you know that it is them?"),
        max_length=80,
        help_text=gettext_lazy("Such as “came in person with a card”. It is noted under your name: write no names."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )


class HelpsBackIn(admin.ModelAdmin):
    """The part of a list of people that makes a link for one of them."""

    def get_urls(self) -> list[URLPattern]:
        help_page = self.admin_site.admin_view(self.help_view)
        return [path("<number:number>/help/", help_page, name="accounts_user_help"), *super().get_urls()]

    @admin.action(description=gettext_lazy("Help back in, who lost password and words: for one person"))
    def help_back_in(self, request: PersonRequest, people: QuerySet[User]) -> HttpResponse | None:
        """Lead to the page that asks why."""
        chosen = list(people[:2])
        if len(chosen) == 1:
            return HttpResponseRedirect(reverse("admin:accounts_user_help", args=[chosen[0].pk]))
        messages.error(request, _("Choose one person alone."))
        return None

    def help_view(self, request: PersonRequest, number: int) -> HttpResponse:
        """Ask how the editor knows who is asking; the answer to a POST shows the link, once."""
        person, now = User.objects.filter(pk=number).first(), timezone.now()
        if person is None:
            raise Http404
        form, context = WhyForm(request.POST or None), self._context(request, person)
        if not WayIn.is_for(person, request.user):
            return TemplateResponse(request, "admin/accounts/user/no_help.html", context, status=403)
        if form.is_valid():
            code = WayIn.make(person, request.user, form.cleaned_data["why"], now)
            link = request.build_absolute_uri(reverse("accounts:way_in", args=[code]))
            return TemplateResponse(request, "admin/accounts/user/helped.html", {**context, "link": link})
        status = 422 if form.errors else 200
        return TemplateResponse(request, "admin/accounts/user/help.html", {**context, "form": form}, status=status)

    def _context(self, request: PersonRequest, person: User) -> dict[str, Any]:
        context = self.admin_site.each_context(request)
        return {**context, "title": _("Help back in"), "opts": self.opts, "person": person}
