"""The public pages that say nothing of their reader, in every language, for search engines."""

from typing import TYPE_CHECKING

from django.contrib.sitemaps import Sitemap
from django.urls import reverse

from course.front import PAGES
from lessons.models import Claim, Lesson, Module, Part, Section
from lessons.models.modules import Visibility

Page = tuple[str, tuple[str, ...]]  # name of an address, its arguments
OF_A_MODULE = ("article", "claims", "sources", "glossary", "timeline", "map")


if TYPE_CHECKING:
    _Sitemap = Sitemap[Page]
else:
    _Sitemap = Sitemap


class PublicPages(_Sitemap):
    """The front door, and of each public module pages, sections, lessons, claims, with addresses in other languages."""

    i18n = alternates = x_default = True
    limit = 2000

    def items(self) -> list[Page]:
        """Return them all. 3 queries, and 4 for each module."""
        front = Module.objects.front().first()
        modules = Module.objects.live().filter(visibility=Visibility.PUBLIC).order_by("pk")
        site = [("home", ()), ("who_sees_what", ()), *(_front(front) if front else ())]
        return [*site, *(page for module in modules for page in _of(module))]

    def location(self, item: Page) -> str:
        return reverse(item[0], args=item[1])


def _parts(module: Module) -> set[str]:
    return set(module.annexes.filter(section=None).values_list("part", flat=True))


def _front(module: Module) -> list[Page]:
    said = _parts(module)
    pages: list[Page] = [(page.value, ()) for page in PAGES if page in said]
    pages += [("sample_sheet", ()), ("sample_items", ()), ("specimen", ())] if Part.HOME in said else []
    return [*pages, ("corrections", ())] if Part.CORRECTIONS in said else pages


def _of(module: Module) -> list[Page]:
    slug, said = module.slug, _parts(module)
    pages: list[Page] = [("module", (slug,)), ("lessons:reference", (slug,))]
    absent = {name for name in ("article", "map") if name not in said}
    pages += [(f"lessons:{name}", (slug,)) for name in OF_A_MODULE if name not in absent]
    sections = Section.objects.live().filter(module=module).order_by("position")
    pages += [("section", (slug, section)) for section in sections.values_list("slug", flat=True)]
    lessons = Lesson.objects.live().filter(section__in=sections).order_by("section__position", "position")
    pages += [("lessons:lesson", (slug, *names)) for names in lessons.values_list("section__slug", "slug")]
    claims = Claim.objects.live().filter(module=module).order_by("key").values_list("key", flat=True)
    return [*pages, *(("lessons:claim", (slug, key)) for key in claims)]
