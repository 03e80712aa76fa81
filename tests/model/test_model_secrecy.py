"""What looks like a secret is found, and what only speaks of one stays readable."""

from __future__ import annotations

from time import thread_time

import pytest

from reconciler.model.secrecy import names_secret, secrets_in, without_secrets_among, without_secrets_in

SECRET = "Hunter2SecretX"
MASK = "(hidden)"


@pytest.mark.parametrize(
    "name",
    [
        *("DB_PASSWORD", "passwd", "splunk-token", "apikey", "licenseKey", "license_key", "Shared_Key", "cloud_auth"),
        *("aws_access_key", "credentials", "ingestion_key", "connection_string", "sentry-dsn", "pwd", "app.token"),
        "session_key",
    ],
)
def test_a_name_says_that_its_value_is_secret(name: str) -> None:
    assert names_secret(name)


@pytest.mark.parametrize(
    "name",
    [
        *("credentialsParameter", "credentials_parameter", "credentialSpecs", "author", "kms_key_id", "awslogs-group"),
        *("--secret-id", "--password-file", "token-owner", "tokenizer", "image"),
    ],
)
def test_a_name_says_nothing_of_the_kind(name: str) -> None:
    assert not names_secret(name)


@pytest.mark.parametrize(
    "text",
    [
        f"--password={SECRET}",
        f"run --password {SECRET} --verbose",
        f"sh -c export DB_PASSWORD={SECRET} && run",
        f"TOKEN = '{SECRET} with a blank'",
        f"curl -u ada:{SECRET} localhost",
        f"https://ada:{SECRET}@example.org/x",
        f"Authorization: Bearer {SECRET}",
        f"-x PWD={SECRET}",
        f"curl -H 'X-Api-Key: {SECRET}' localhost",
    ],
)
def test_a_secret_in_a_text_is_found_and_hidden(text: str) -> None:
    shown = without_secrets_in(text, MASK)
    assert SECRET not in shown
    assert MASK in shown
    assert any(SECRET in secret for secret in secrets_in(text))


@pytest.mark.parametrize(
    "text",
    [
        "run --password=$DB_PASSWORD --token $TOKEN",
        "aws secretsmanager get-secret-value --secret-id my/db",
        "run --password-file /run/secrets/db",
        "nginx -g 'daemon off;'",
        "curl -H 'X-Api-Key: $KEY' -H 'Accept: text/html' localhost",
        "arn:aws:secretsmanager:eu-central-1:111122223333:secret:db",
        "basic scaling, echo tokens are good",
        "https://example.org/x:8080@y",
    ],
)
def test_a_text_that_only_speaks_of_secrets_stays_as_it_is(text: str) -> None:
    assert without_secrets_in(text, MASK) == text
    assert not secrets_in(text)


def test_an_option_tells_of_the_next_word() -> None:
    words = ["mysql", "--password", f"{SECRET} and more", "-u", f"ada:{SECRET}", "--token", "--verbose"]
    assert without_secrets_among(words, MASK) == [
        "mysql",
        "--password",
        MASK,
        "-u",
        f"ada:{MASK}",
        "--token",
        "--verbose",
    ]


def test_words_after_other_options_stay() -> None:
    words = ["run", "--user", "ada", "--token", "$TOKEN", "", "password"]
    assert without_secrets_among(words, MASK) == words


@pytest.mark.parametrize(
    "part", ["a", "token", "-", "://", "a ", "-u ", "a.", "-----BEGIN ", "AKIA", "basic ", "a=", " ", " -Ha"]
)
def test_a_hostile_text_takes_no_time_to_speak_of(part: str) -> None:
    text = part * (40_000 // len(part))
    before = thread_time()
    assert len(without_secrets_in(text, "")) <= len(text)
    assert thread_time() - before < 2  # a few hundredths; with a pattern that looks at each place anew, many seconds
