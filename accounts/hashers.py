"""How passwords are hashed. May import Django only."""

from django.contrib.auth.hashers import Argon2PasswordHasher


class SmallArgon2(Argon2PasswordHasher):
    """Argon2id at OWASP's minimum (19 MiB, 2 passes, 1 lane): about 20 ms on one core, so a class signs in at once."""

    time_cost = 2
    memory_cost = 19 * 1024
    parallelism = 1
