"""Two pages of the bench, before all addresses of the tree: the base page, and one plain GROUP BY."""

from django.apps import apps
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.template import Context, Engine
from django.urls import path

from course.urls import urlpatterns as of_the_tree

TEMPLATE = Engine().from_string("""<!DOCTYPE html>
<html lang="en">
  <head><title>{{ title }}</title></head>
  <body>
    <h1>{{ title }}</h1>
    <p>{{ user.name }}</p>
    {% for module in modules %}<p>{{ module }}</p>{% endfor %}
    {% if modules %}<p>There is something to read.</p>{% endif %}
  </body>
</html>""")


def base(request: HttpRequest) -> HttpResponse:
    """Show the unit of all ratios: session, signed-in user, one query, ten lines of template, the tree's middleware."""
    modules = list(apps.get_model("lessons", "Module").objects.values_list("slug", flat=True))
    context = {"title": "The base page", "user": request.user, "modules": modules}
    return HttpResponse(TEMPLATE.render(Context(context)))


def group_by(request: HttpRequest) -> HttpResponse:
    """Read every response once, in one plain GROUP BY: what statistics over them are measured against."""
    table = apps.get_model("quizzes", "Response")._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT item_id, COUNT(*), AVG(score) FROM {table} GROUP BY item_id")  # noqa: S608 - our table
        rows = cursor.fetchall()
    return HttpResponse(str(len(rows)))


urlpatterns = [path("bench/base/", base), path("bench/group-by/", group_by), *of_the_tree]
