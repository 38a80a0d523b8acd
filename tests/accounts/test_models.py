"""People: one name whatever its case, guests who become people, and who may teach."""

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.models import RateLimitBucket, User
from tests import make

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("Awa", "aWA"),
        ("Élodie", "éLODIE"),
        ("\u00c9lodie", "E\u0301lodie"),
        ("Straße", "STRASSE"),
        ("ﬁfi", "FIFI"),
        ("ΜΆΪΟΣ", "μάϊος"),
    ],
)
def test_a_name_is_one_name_whatever_its_case_or_composition(first, second):
    make.user(first)
    with pytest.raises(IntegrityError), transaction.atomic():
        make.user(second)
    assert User.objects.named(second).get().name == User.normalize_username(first)
    assert User.objects.get_by_natural_key(second).check_password(make.PASSWORD)


def test_different_names_are_different_people():
    assert make.user("Awa") != make.user("Awá")


def test_a_guest_has_no_password_and_is_known_by_chance_alone():
    first, second = make.guest(), make.guest()
    assert first.name != second.name
    assert first.is_guest
    assert not first.has_usable_password()
    assert first.last_seen_on == make.NOW.date()


def test_a_guest_who_takes_a_name_keeps_row_and_work():
    guest = make.guest()
    reading = make.reading(guest, make.lesson())
    guest.become_named("Awa", make.PASSWORD)
    kept = User.objects.named("awa").get()
    assert (kept.pk, kept.is_guest, kept.check_password(make.PASSWORD)) == (guest.pk, False, True)
    assert list(kept.readings.all()) == [reading]


def test_a_guest_cannot_take_a_name_that_is_taken(awa):
    guest = make.guest()
    with pytest.raises(IntegrityError), transaction.atomic():
        guest.become_named("AWA", make.PASSWORD)
    assert User.objects.get(pk=guest.pk).is_guest


@pytest.mark.parametrize("grant", [{"is_staff": True}, {"may_teach_at": make.NOW}])
def test_a_guest_neither_teaches_nor_edits(grant):
    with pytest.raises(IntegrityError, match="a_guest_neither_teaches_nor_edits"), transaction.atomic():
        make.user("Passer-by", is_guest=True, **grant)


def test_who_may_teach_on_a_real_machine(settings, awa, bakary, guest):
    settings.OPEN_TEACHING = False
    editor = make.user("Editor", is_staff=True)
    assert [each.may_teach for each in (awa, guest, bakary, editor)] == [False, False, True, True]


def test_on_a_laptop_every_account_may_teach_but_no_guest(settings, awa, guest):
    settings.OPEN_TEACHING = True
    assert (awa.may_teach, guest.may_teach) == (True, False)


def test_only_active_staff_have_permissions(awa):
    editor, left = make.user("Editor", is_staff=True), make.user("Left", is_staff=True, is_active=False)
    assert [each.has_perm("lessons.change_claim") for each in (awa, editor, left)] == [False, True, False]
    assert [each.has_module_perms("lessons") for each in (awa, editor, left)] == [False, True, False]


def test_whoever_the_operator_makes_by_command_edits():
    assert User.objects.create_superuser("Editor", make.PASSWORD).has_perm("lessons.change_claim")


def test_one_bucket_per_hash():
    RateLimitBucket.objects.create(key_hash="a" * 64, tokens=5, at=timezone.now())
    with pytest.raises(IntegrityError), transaction.atomic():
        RateLimitBucket.objects.create(key_hash="a" * 64, tokens=5, at=timezone.now())
