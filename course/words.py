"""Django's tags of translation, of which a process keeps the words that a template names itself.

They hang on the language alone, and a page of a quiz has twenty: Django looks for each anew, by way of a text that is
translated when it is shown. Templates load it as `i18n` (course.template_loader).
"""

from django.template import Context, Library, Node
from django.template.base import FilterExpression, Parser, Token
from django.templatetags import i18n
from django.utils.translation import get_language

register = Library()
register.tags |= i18n.register.tags
register.filters |= i18n.register.filters


class Kept(Node):
    """A `translate` whose words are the same whatever the context."""

    child_nodelists = ()

    def __init__(self, node: i18n.TranslateNode) -> None:
        self.asvar, node.asvar = node.asvar, None
        self.node = node
        self.words: dict[str | None, str] = {}  # by language

    def render(self, context: Context) -> str:
        language = get_language()
        words = self.words.get(language)
        if words is None:
            words = self.words[language] = self.node.render(context)
        if self.asvar is None:
            return words
        context[self.asvar] = words
        return ""


@register.tag("translate")
@register.tag("trans")
def do_translate(parser: Parser, token: Token) -> Node:
    """Return Django's own node, or one that keeps its words where the template names them."""
    node = i18n.do_translate(parser, token)
    return Kept(node) if _is_named(node) else node


def _is_named(node: i18n.TranslateNode) -> bool:
    """Return whether a template names the text, and its context if any, as words between quotation marks."""
    text, where = node.filter_expression, node.message_context
    return _is_text(text) and text.var.literal is not None and (where is None or _is_text(where))


def _is_text(expression: FilterExpression) -> bool:
    variable = expression.var
    return not expression.filters and (isinstance(variable, str) or variable.lookups is None)
