"""The public pages that say nothing of their reader, in every language, for search engines."""

from datetime import UTC, datetime, time
from typing import TYPE_CHECKING

from django.contrib.sitemaps import Sitemap
from django.urls import reverse

from course.front import PAGES
from lessons.models import Claim, Lesson, Module, Part, Section

Page = tuple[str, tuple[str, ...]]  # name of an address, its arguments
OF_A_MODULE = ("article", "claims", "sources", "glossary", "timeline", "map")


if TYPE_CHECKING:
    _Sitemap = Sitemap[Page]
else:
    _Sitemap = Sitemap


class PublicPages(_Sitemap):
    """The front door's module: its pages, sections, lessons and claims, each with its address in other languages."""

    i18n = alternates = x_default = True
    limit = 2000

    def items(self) -> list[Page]:
        """Return them all. 6 queries."""
        module = Module.objects.front().first()
        return [("home", ()), ("who_sees_what", ()), *(_of(module) if module else ())]

    def location(self, item: Page) -> str:
        return reverse(item[0], args=item[1])

    def get_latest_lastmod(self) -> datetime | None:
        """Return the day on which the module was last checked as a whole. One query."""
        module = Module.objects.front().first()
        return datetime.combine(module.checked_on, time(), UTC) if module else None


def _of(module: Module) -> list[Page]:
    slug = module.slug
    said = set(module.annexes.filter(section=None).values_list("part", flat=True))
    pages: list[Page] = [(page.value, ()) for page in PAGES if page in said]
    pages += [("sample_sheet", ()), ("sample_items", ()), ("specimen", ())] if Part.HOME in said else []
    pages += [("corrections", ())] if Part.CORRECTIONS in said else []
    pages += [("module", (slug,)), ("lessons:reference", (slug,))]
    absent = {name for name in ("article", "map") if name not in said}
    pages += [(f"lessons:{name}", (slug,)) for name in OF_A_MODULE if name not in absent]
    sections = Section.objects.live().filter(module=module).order_by("position")
    pages += [("section", (slug, section)) for section in sections.values_list("slug", flat=True)]
    lessons = Lesson.objects.live().filter(section__in=sections).order_by("section__position", "position")
    pages += [("lessons:lesson", (slug, *names)) for names in lessons.values_list("section__slug", "slug")]
    claims = Claim.objects.live().filter(module=module).order_by("key").values_list("key", flat=True)
    return [*pages, *(("lessons:claim", (slug, key)) for key in claims)]
