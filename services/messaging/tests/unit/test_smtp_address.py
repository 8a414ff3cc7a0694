import pytest

from messaging.adapters.smtp import SmtpAddress, smtp_address


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("smtp://127.0.0.1:8633", ("127.0.0.1", 8633, False, False, None, None)),
        ("smtp://mail", ("mail", 25, False, False, None, None)),
        ("smtp+starttls://me%40x:s%3Acret@mail.example", ("mail.example", 587, False, True, "me@x", "s:cret")),
        ("smtps://mail.example:4650", ("mail.example", 4650, True, False, None, None)),
    ],
)
def test_addresses_are_read(url: str, expected: tuple[object, ...]) -> None:
    host, port, tls, starttls, user, password = expected
    wanted = {"host": host, "port": port, "tls": tls, "starttls": starttls, "user": user, "password": password}

    assert smtp_address(url) == SmtpAddress(**wanted)  # type: ignore[arg-type]


@pytest.mark.parametrize("url", ["", "mail:25", "http://mail", "smtp://"])
def test_anything_else_is_refused_without_repeating_secrets(url: str) -> None:
    with pytest.raises(ValueError, match="SMTP_URL must be"):
        smtp_address(url)
