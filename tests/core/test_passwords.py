import re

import pytest
from argon2 import PasswordHasher

from forum.core import passwords

PASSWORD = "four unrelated words here"


def test_a_hash_is_argon2id_with_parameters_that_owasp_recommends() -> None:
    found = re.match(r"\$argon2id\$v=19\$m=(\d+),t=(\d+),p=(\d+)\$", passwords.hash_password(PASSWORD))

    assert found is not None
    assert tuple(map(int, found.groups())) == (19456, 2, 1)


def test_a_password_fits_its_hash_and_no_other() -> None:
    kept = passwords.hash_password(PASSWORD)

    assert passwords.verify(kept, PASSWORD)
    assert not passwords.verify(kept, PASSWORD.upper())
    assert not passwords.verify(kept, f"{PASSWORD} ")
    assert not passwords.verify(kept, "")


@pytest.mark.parametrize("length", [128, 200, 1024])
def test_the_last_character_of_a_long_password_counts(length: int) -> None:
    password = "x" * length

    assert not passwords.verify(passwords.hash_password(password), password[:-1] + "y")


@pytest.mark.parametrize("password", ["пароль из слов", "密码密码密码密码密码", "🔑" * 10, "a\u0301bc def"])
def test_any_script_will_do(password: str) -> None:
    assert passwords.verify(passwords.hash_password(password), password)


def test_the_same_password_has_another_hash_each_time() -> None:
    assert passwords.hash_password(PASSWORD) != passwords.hash_password(PASSWORD)


@pytest.mark.parametrize("kept", [None, "", "plain text", "$argon2id$v=19$m=1,t=1,p=1$broken"])
def test_nothing_fits_what_is_no_hash(kept: str | None) -> None:
    assert not passwords.verify(kept, "nobody has this password")


def test_a_weaker_hash_is_to_be_renewed() -> None:
    weaker = PasswordHasher(time_cost=1, memory_cost=8192, parallelism=1).hash(PASSWORD)

    assert passwords.verify(weaker, PASSWORD)
    assert passwords.needs_rehash(weaker)
    assert not passwords.needs_rehash(passwords.hash_password(PASSWORD))
