"""A form of a page, as a browser without a script would send it."""

from html.parser import HTMLParser


class _Form(HTMLParser):
    """Collects the successful controls of one form, buttons apart; a disabled fieldset sends nothing."""

    def __init__(self, form):
        super().__init__()
        self.wanted, self.inside, self.fieldsets, self.select = form, False, [], None
        self.fields, self.action, self.text = {}, None, None

    def handle_starttag(self, tag, attrs):
        attributes = dict(attrs)
        if tag == "form":
            self.inside = attributes.get("id") == self.wanted
            self.action = attributes.get("action", "") if self.inside else self.action
        elif tag == "fieldset":
            self.fieldsets.append("disabled" in attributes)
        if not self.inside or any(self.fieldsets):
            return
        is_box = attributes.get("type") in ("radio", "checkbox")
        if tag == "input" and (not is_box or "checked" in attributes):
            self.fields[attributes["name"]] = attributes.get("value", "on" if is_box else "")
        elif tag == "select":
            self.select, self.fields[attributes["name"]] = attributes["name"], ""
        elif tag == "option" and "selected" in attributes:
            self.fields[self.select] = attributes["value"]
        elif tag == "textarea":
            self.text, self.fields[attributes["name"]] = attributes["name"], ""

    def handle_data(self, data):
        if self.text:
            self.fields[self.text] += data

    def handle_endtag(self, tag):
        if tag == "form":
            self.inside = False
        elif tag == "fieldset":
            self.fieldsets.pop()
        elif tag == "textarea":
            self.text = None


def form_of(response, form="attempt"):
    """(address, {field: value}) of a form of that page."""
    parser = _Form(form)
    parser.feed(response.text)
    assert parser.action is not None, f"no form {form} on this page"
    parser.fields.pop("csrfmiddlewaretoken", None)
    return parser.action, parser.fields
