"""The configuration: defaults, environment, and every mistake at once."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.config import Config, example, known_keys, load_config, reference
from bot.errors import ConfigError

ROOT = Path(__file__).parent.parent


def write(folder: Path, text: str) -> Path:
    path = folder / "wirebrief.toml"
    path.write_text(text, "utf-8")
    return path


def test_the_example_file_is_exactly_the_defaults(tmp_path):
    shipped = (ROOT / "config" / "wirebrief.example.toml").read_text("utf-8")
    assert shipped == example()
    assert load_config(write(tmp_path, shipped), environ={}) == Config()


def test_every_key_has_a_line_of_why_and_stands_in_the_docs():
    docs = (ROOT / "docs" / "configuration.md").read_text("utf-8")
    assert all(why for _, _, _, why in known_keys())
    assert reference() in docs, "make docs writes it anew"


def test_all_mistakes_are_reported_at_once_with_the_nearest_known_key(tmp_path):
    path = write(tmp_path, "[fetch]\nconcurency = 3\nworkers = 0\n[brief]\na = 1\n")
    with pytest.raises(ConfigError) as caught:
        load_config(
            path, environ={"WIREBRIEF_FETCH_WORKER": "3", "WIREBRIEF_BRIEFINGS_TIMEZONE": "Mars/Base"}
        )
    problems = "\n".join(caught.value.problems)
    assert len(caught.value.problems) == 5
    assert "fetch.concurency: unknown key (did you mean fetch.concurrency?)" in problems
    assert "fetch.workers: input should be greater than or equal to 1, not 0" in problems
    assert "brief: unknown table (did you mean briefings?)" in problems
    assert (
        "WIREBRIEF_FETCH_WORKER: unknown environment variable (did you mean WIREBRIEF_FETCH_WORKERS?)"
        in problems
    )
    assert "briefings.timezone: no such time zone" in problems


def test_the_environment_overrides_the_file_and_files_hold_secrets(tmp_path):
    path = write(tmp_path, '[briefings]\ntitle = "From the file"\n')
    secret = tmp_path / "url"
    secret.write_text("postgresql://a:b@db/wire\n", "utf-8")
    environ = {
        "WIREBRIEF_BRIEFINGS_TITLE": "From the environment",
        "WIREBRIEF_BRIEFINGS_INTERESTS": "ceasefire,storm",
        "WIREBRIEF_FETCH_FULL_TEXT": "false",
        "WIREBRIEF_DATABASE_URL_FILE": str(secret),
    }
    config = load_config(path, environ=environ)
    assert config.briefings.title == "From the environment"
    assert config.briefings.interests == ("ceasefire", "storm")
    assert config.fetch.full_text is False
    assert config.database.url == "postgresql://a:b@db/wire"


def test_a_password_in_a_wrong_database_address_is_not_repeated():
    with pytest.raises(ConfigError) as caught:
        load_config(None, environ={"WIREBRIEF_DATABASE_URL": "mysql://root:hunter2@db/x"})
    assert "hunter2" not in str(caught.value)
    assert "database.url" in str(caught.value)


@pytest.mark.parametrize(
    ("text", "words"),
    [("[fetch\n", "not valid TOML"), ("fetch = 3\n", "fetch: "), ("\x00", "not valid TOML")],
)
def test_a_broken_file_is_one_clear_error(tmp_path, text, words):
    with pytest.raises(ConfigError, match=words):
        load_config(write(tmp_path, text), environ={})


def test_a_named_file_that_is_missing_is_an_error_but_no_file_at_all_is_not(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert load_config(None, environ={}) == Config()
    with pytest.raises(ConfigError, match=r"no configuration file 'elsewhere\.toml'"):
        load_config(None, environ={"WIREBRIEF_CONFIG": "elsewhere.toml"})


def test_a_text_that_needs_cleaning_is_refused_by_its_key(tmp_path):
    path = write(tmp_path, '[fetch]\nuser_agent = "x\\u0000"\nallow = ["a.example", "b\\u202e.example"]\n')
    with pytest.raises(ConfigError) as caught:
        load_config(path, environ={"WIREBRIEF_MODEL_NAME": "m\u200b"})
    for key in ("fetch.user_agent", "fetch.allow", "model.name"):
        assert f"{key}: holds control or invisible characters" in str(caught.value)
