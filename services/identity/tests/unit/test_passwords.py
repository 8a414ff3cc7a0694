import pytest

from identity.adapters.blocklist import common_words
from identity.domain.errors import PasswordRefused
from identity.domain.passwords import check_password

PERSONAL = ("zoe.martin-dubois", "Zoé Martin-Dubois")


def refusal(password: str) -> str | None:
    try:
        check_password(password, blocked=common_words(), personal=PERSONAL, pointer="/password")
    except PasswordRefused as refused:
        return refused.errors[0].code
    return None


@pytest.mark.parametrize(
    "password",
    [
        "vélo tranquille sous la pluie",
        "correct horse battery staple",
        "J'aime le café au lait à 7 h",
        "漢字かな交じり文のパスワード例です",
        "🚲🌧🥕🐟🎺🏔🌻🧀🦔🪁🎈🍋🧵🪴🛶",
        "kT9#vLq2!mXz8@Rw",
        "dragon chicken sunshine tennis",
        "x" * 3 + "correct horse battery" + "y" * 3,
        "a rather long one " * 7,
    ],
)
def test_long_unusual_passwords_are_accepted(password: str) -> None:
    assert refusal(password) is None


@pytest.mark.parametrize(
    "password",
    [
        "passwordpassword",
        "P@ssw0rd12345678",
        "motdepasse123456",
        "MotDePasse!2026!",
        "azertyuiopqsdfghjklm",
        "qwertyuiop123456",
        "1qaz2wsx3edc4rfv",
        "zaq1xsw2cde3vfr4",
        "1q2w3e4r5t6y7u8i",
        "abcdefghijklmnop",
        "123456789012345",
        "192837465564738",
        "aaaaaaaaaaaaaaaa",
        "abcabcabcabcabcabc",
        "halles-marketplace",
        "hallesmarche2026",
        "iloveyouiloveyou",
        "christopher12345",
        "zoemartindubois1",
        "martin-dubois-2026",
        "adminadminadmin",
        "!@#$%^&*()!@#$%^&*()",
        "147258369147258369",
        "sunshine-princess",
    ],
)
def test_what_guessers_try_first_is_refused(password: str) -> None:
    assert refusal(password) == "password-too-common"


@pytest.mark.parametrize(
    ("password", "code"),
    [
        ("kT9#vLq2!mXz8@", "password-too-short"),
        ("", "password-too-short"),
        ("kT9#vLq2!mXz8@R" * 9, "password-too-long"),
        ("kT9#vLq2!mXz8@R", None),
        ("kT9#vLq2!mXz8@R" * 8 + "12345678", None),
    ],
)
def test_between_15_and_128_characters(password: str, code: str | None) -> None:
    assert refusal(password) == code


def test_the_list_is_lower_case_and_sorted_by_nobody_twice() -> None:
    words = common_words()

    assert len(words) > 150 and all(word == word.lower() and word.isalnum() for word in words)
