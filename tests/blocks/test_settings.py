"""Where everything is, and how secrets are kept."""

import os
import stat
from pathlib import Path

import pytest

from blocks.settings import ROLES, Settings, default_home


def at(home: Path, **overrides: object) -> Settings:
    home.mkdir(exist_ok=True)
    return Settings.load(home, **overrides)


def test_secrets_are_made_once_and_kept(tmp_path: Path) -> None:
    first = at(tmp_path).keep_secrets()

    again = at(tmp_path).keep_secrets()

    assert first.admin_url == again.admin_url
    assert first.prefect_auth == again.prefect_auth


def test_two_that_start_at_once_end_up_with_the_same_secrets(tmp_path: Path) -> None:
    one, other = at(tmp_path), at(tmp_path)

    assert one.keep_secrets().admin_url == other.keep_secrets().admin_url


def test_a_secret_that_came_later_is_added_to_those_kept(tmp_path: Path) -> None:
    kept = tmp_path / "secrets.env"
    kept.write_text("OBMEN_FLOW_PASSWORD=old\n", encoding="utf-8")

    settings = at(tmp_path).keep_secrets()

    assert settings.password_of("obmen_flow") == "old"
    assert "OBMEN_GATEWAY_PASSWORD=" in kept.read_text(encoding="utf-8")


@pytest.mark.parametrize("secret", ["plain", "with space", "it's", 'double"quote', "a#b", "back\\"])
def test_a_secret_given_from_outside_is_kept_as_it_is(tmp_path: Path, secret: str) -> None:
    at(tmp_path, s3_secret_key=secret).keep_secrets()

    assert secret == at(tmp_path).s3_secret_key.get_secret_value()


def test_nobody_else_reads_the_secrets(tmp_path: Path) -> None:
    settings = at(tmp_path).keep_secrets()

    assert stat.S_IMODE(settings.secrets_file.stat().st_mode) == 0o600


def test_every_role_has_a_password_of_its_own(tmp_path: Path) -> None:
    settings = at(tmp_path)

    assert len({settings.password_of(role) for role in ROLES}) == len(ROLES)


def test_a_served_warehouse_is_entered_by_each_role_at_its_address(tmp_path: Path) -> None:
    served = "postgresql+psycopg://admin:word@db.example:6000/postgres?sslmode=require"
    settings = at(tmp_path, warehouse_url=served, flow_password="p@ss")

    url = "postgresql+psycopg://obmen_flow:p%40ss@db.example:6000/obmen?sslmode=require"
    assert url == settings.warehouse_url_for("obmen_flow")
    assert not settings.is_warehouse_embedded


def test_a_prefect_at_our_own_address_is_ours(tmp_path: Path) -> None:
    own = at(tmp_path, prefect_port=4321, prefect_api_url="http://127.0.0.1:4321/api")
    other = at(tmp_path, prefect_port=4321, prefect_api_url="http://prefect.example/api")

    assert own.is_prefect_embedded
    assert not other.is_prefect_embedded


def test_the_environment_for_children_holds_no_secret(tmp_path: Path) -> None:
    settings = at(tmp_path).keep_secrets()

    lines = settings.secrets_file.read_text(encoding="utf-8").splitlines()
    secrets = {line.partition("=")[2] for line in lines}
    assert not secrets & set(settings.environment().values())


def test_two_checkouts_have_two_homes() -> None:
    assert default_home(Path("/srv/one")) != default_home(Path("/srv/two"))


@pytest.mark.skipif(os.geteuid() == 0, reason="a normal user's case")
def test_a_normal_user_keeps_data_in_the_project() -> None:
    assert default_home(Path("/srv/one")) == Path("/srv/one/.obmen")
