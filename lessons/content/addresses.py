"""What an address must be to be named as a source, and to be a link. Pure."""

import ipaddress
from urllib.parse import parse_qsl, urlsplit

NO_SITES = ("localhost", "local", "internal", "invalid", "test", "example", "onion")
EXAMPLES = ("example.com", "example.org", "example.net")
SHORTENED = ("bit.ly", "t.co", "tinyurl.com", "goo.gl", "ow.ly", "lnkd.in", "fb.me", "is.gd", "buff.ly", "youtu.be")
CACHES = ("translate.goog", "googleusercontent.com", "ampproject.org", "archive.today", "archive.is", "archive.ph")
TRACKERS = ("utm_", "fbclid", "gclid", "mc_cid", "mc_eid", "igshid", "yclid")
# Leak archives, sites where anybody uploads anybody's documents, and their like: shown as text, never as a link.
NOT_LINKED = (
    *("wikileaks.org", "ddosecrets.com", "scribd.com", "docslib.org", "vdocuments.fr", "vdocuments.net"),
    *("studylib.net", "docplayer.net", "docplayer.fr", "lawsdocbox.com", "pdffox.com", "dokumen.pub", "yumpu.com"),
    *("slideshare.net", "pdfcoffee.com", "epdf.pub", "academia.edu", "calameo.com", "issuu.com"),
)
STAGING = ("staging", "stage", "preprod", "dev", "test", "beta", "uat", "demo")
STAGING_HOSTS = ("wpengine.com", "vercel.app", "netlify.app", "herokuapp.com", "pages.dev", "ngrok.io")


def _is_of(host: str, domains: tuple[str, ...]) -> bool:
    """Return whether a host is one of the domains or lies under one."""
    return any(host == domain or host.endswith(f".{domain}") for domain in domains)


def oddity(address: str) -> str | None:
    """Return what is wrong with an address as the words behind “this address …”; None where nothing is."""
    if not address.isprintable() or any(sign in address for sign in " <>\"'`{}|\\^…“”«»"):
        return "has a sign in it that no address has: copy it again, with special letters as %C3%A9"
    try:
        parts = urlsplit(address)
        port = parts.port
    except ValueError:
        return "is not one: copy it again"
    host = parts.hostname or ""
    if parts.scheme not in ("https", "http"):
        return "should begin with https://"
    if parts.username is not None or port is not None:
        return "holds a name, a password or a port: write the public one"
    if not host.isascii():
        return "has letters in its host that look like others: write it in its ASCII form"
    if _is_number(host):
        return "is a number: write the name of the site"
    if "." not in host or ".." in host or host.endswith(".") or _is_of(host, NO_SITES) or _is_of(host, EXAMPLES):
        return "is of no public site"
    if _is_of(host, SHORTENED):
        return "is a short form that hides where it leads: write the long one"
    if _is_of(host, CACHES):
        return "is a copy's in a cache or a translator: write that of the page"
    if any(name.startswith(TRACKERS) for name, _value in parse_qsl(parts.query, keep_blank_values=True)):
        return "carries a mark by which readers are followed: leave out utm_… and its like"
    return None


def _is_number(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return host.replace(".", "").isdigit()
    return True


def may_be_link(address: str) -> bool:
    """Return whether an address may be a link: https, and no leak archive, mirror of documents or trial site."""
    parts = urlsplit(address)
    host = parts.hostname or ""
    is_trial = any(label in STAGING for label in host.split(".")[:-2]) or _is_of(host, STAGING_HOSTS)
    return parts.scheme == "https" and not is_trial and not _is_of(host, NOT_LINKED)
