"""The time zones on offer: those of the region and a few others first, then all. May import Django only."""

import zoneinfo
from functools import cache
from typing import TypeAlias

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Label: TypeAlias = "str | Promise"

NEAR = {
    "Africa/Bamako": _("Bamako"),
    "Africa/Ouagadougou": _("Ouagadougou"),
    "Africa/Niamey": _("Niamey"),
    "Africa/Nouakchott": _("Nouakchott"),
    "Africa/Dakar": _("Dakar"),
    "Africa/Abidjan": _("Abidjan"),
    "Africa/Algiers": _("Algiers"),
    "Africa/Ndjamena": _("N’Djamena"),
    "Africa/Bangui": _("Bangui"),
    "Africa/Khartoum": _("Khartoum"),
    "Europe/London": _("London"),
    "Europe/Paris": _("Paris"),
    "Europe/Brussels": _("Brussels"),
    "America/New_York": _("New York"),
    "UTC": _("Universal time (UTC)"),
}
# Cities that another language may write otherwise than the IANA list does, which has no accents either.
CITIES = {
    "Africa/Addis_Ababa": _("Addis Ababa"),
    "Africa/Cairo": _("Cairo"),
    "Africa/El_Aaiun": _("El Aaiún"),
    "Africa/Juba": _("Juba"),
    "Africa/Lome": _("Lomé"),
    "Africa/Mogadishu": _("Mogadishu"),
    "Africa/Sao_Tome": _("São Tomé"),
    "Africa/Timbuktu": _("Timbuktu"),
    "America/Havana": _("Havana"),
    "America/Mexico_City": _("Mexico City"),
    "America/Montreal": _("Montreal"),
    "Asia/Baghdad": _("Baghdad"),
    "Asia/Beirut": _("Beirut"),
    "Asia/Damascus": _("Damascus"),
    "Asia/Dubai": _("Dubai"),
    "Asia/Jerusalem": _("Jerusalem"),
    "Asia/Kuwait": _("Kuwait"),
    "Asia/Riyadh": _("Riyadh"),
    "Asia/Seoul": _("Seoul"),
    "Asia/Singapore": _("Singapore"),
    "Asia/Tehran": _("Tehran"),
    "Atlantic/Canary": _("Canary Islands"),
    "Atlantic/Cape_Verde": _("Cape Verde"),
    "Europe/Athens": _("Athens"),
    "Europe/Bucharest": _("Bucharest"),
    "Europe/Copenhagen": _("Copenhagen"),
    "Europe/Lisbon": _("Lisbon"),
    "Europe/Moscow": _("Moscow"),
    "Europe/Vienna": _("Vienna"),
    "Europe/Warsaw": _("Warsaw"),
    "Indian/Comoro": _("Comoros"),
    "Indian/Mahe": _("Mahé"),
    "Indian/Mauritius": _("Mauritius"),
    "Indian/Reunion": _("Réunion"),
}
REGIONS = {
    "Africa": _("Africa"),
    "America": _("America"),
    "Antarctica": _("Antarctica"),
    "Arctic": _("Arctic"),
    "Asia": _("Asia"),
    "Atlantic": _("Atlantic"),
    "Australia": _("Australia"),
    "Europe": _("Europe"),
    "Indian": _("Indian Ocean"),
    "Pacific": _("Pacific"),
}


@cache
def zone_choices() -> list[tuple[Label, list[tuple[str, Label]]]]:
    """Return choices in groups, for a select: some 400 zones by their keys of the IANA list."""
    groups: dict[str, list[tuple[str, Label]]] = {region: [] for region in REGIONS}
    for key in sorted(zoneinfo.available_timezones() - set(NEAR)):
        region, _slash, city = key.partition("/")
        if city and region in groups:
            groups[region].append((key, CITIES.get(key, city.replace("_", " ").replace("/", ", "))))
    return [(_("Often used here"), list(NEAR.items())), *((REGIONS[region], keys) for region, keys in groups.items())]


@cache
def zone(key: str) -> zoneinfo.ZoneInfo:
    """Return the zone of that key; UTC where this machine does not know it."""
    try:
        return zoneinfo.ZoneInfo(key)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError):
        return zoneinfo.ZoneInfo("UTC")
