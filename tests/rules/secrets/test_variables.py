"""What a secret holds chooses no variable of a program; whoever runs the program does."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ocs.errors import OcsError
from ocs.rules.secrets.lines import values_of
from ocs.rules.secrets.variables import Variable, steers, variables

SHOP = {"river/shop": ["password", "user", "db host"]}


@given(st.binary(max_size=300) | st.text(max_size=300).map(str.encode))
def test_whatever_is_in_a_secret_it_sets_nothing_but_variables_that_steer_nothing(
    content: bytes,
) -> None:
    held = values_of(content)
    assert held["password"] == (content.splitlines() or [b""])[0]
    for each in variables({"river/shop": held}):
        assert re.fullmatch("SECRET_[A-Z0-9_]+", each.name)
        assert each.key in held


def test_lines_have_values_by_name_and_the_first_of_a_name_counts() -> None:
    content = b"pass: word \nUser: root\r\nurl:https://x\nurl: b\nhttps://y\notpauth://z\n: x\nempty:\nno name\n"
    assert values_of(content) == {
        "password": b"pass: word ",
        "user": b"root",
        "url": b"https://x",
        "empty": b"",
    }


@pytest.mark.parametrize(
    "name",
    "PATH LD_PRELOAD LD_LIBRARY_PATH GIT_SSH_COMMAND GIT_DIR PYTHONPATH PYTHONSTARTUP BASH_ENV IFS HOME SHELL "
    "NODE_OPTIONS PERL5OPT PERL5LIB RUBYOPT RUBYLIB JAVA_TOOL_OPTIONS _JAVA_OPTIONS http_proxy ALL_PROXY "
    "SSH_ASKPASS SSH_AUTH_SOCK GNUPGHOME DYLD_INSERT_LIBRARIES EDITOR VISUAL PAGER MANPAGER GIT_PAGER LESSOPEN "
    "ENV PS4 PROMPT_COMMAND RESTIC_PASSWORD_COMMAND BORG_PASSCOMMAND BORG_RSH RSYNC_RSH KUBECONFIG OPENSSL_CONF "
    "AWS_CONFIG_FILE XDG_CONFIG_HOME TMPDIR LC_ALL OCS_EDITOR PASSWORD_STORE_GPG_OPTS MAKEFLAGS GCONV_PATH "
    "VIMINIT SUDO_ASKPASS AWS_ENDPOINT_URL REQUESTS_CA_BUNDLE SSL_CERT_FILE CURL_HOME HGRCPATH".split(),
)
def test_a_name_that_steers_programs_is_refused_though_it_is_asked_for(name: str) -> None:
    for written in (name, name.lower(), name.upper()):
        assert steers(written)
        with pytest.raises(OcsError, match="changes how programs run"):
            variables(SHOP, [f"password={written}"])


@pytest.mark.parametrize(
    "name",
    "PGPASSWORD PGUSER MYSQL_PWD RESTIC_PASSWORD BORG_PASSPHRASE AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY NPM_TOKEN "
    "DOCKER_PASSWORD HCLOUD_TOKEN TF_VAR_token SMTP_PASSWORD DATABASE_URL _x".split(),
)
def test_names_that_programs_take_secrets_from_can_be_asked_for(name: str) -> None:
    assert variables(SHOP, [f"password={name}"]) == [Variable(name, "river/shop", "password")]


@pytest.mark.parametrize(
    "text", ["PIN", "=PIN", "password=", "password=1PIN", "password=A B", "password=é", ""]
)
def test_what_does_not_say_what_becomes_what_is_refused(text: str) -> None:
    with pytest.raises(OcsError, match="not of the form KEY=VARIABLE"):
        variables(SHOP, [text])


def test_no_variable_has_its_value_from_two_places() -> None:
    two = {**SHOP, "river/wiki": ["password", "url"]}
    with pytest.raises(
        OcsError,
        match="SECRET_PASSWORD would have its value from river/shop and from river/wiki",
    ):
        variables(two)
    with pytest.raises(
        OcsError, match="river/shop and river/wiki each have a line 'password'"
    ):
        variables(two, ["password=A"])
    with pytest.raises(
        OcsError, match="A would have its value from river/shop and from river/shop"
    ):
        variables(two, ["user=A", "db host=A"])
    with pytest.raises(OcsError, match="'river/wike' is not among the secrets"):
        variables(two, ["river/wike:password=A"])
    for wanted, message in (
        ("pin=A", "no line of river/shop or river/wiki begins with 'pin:'"),
        ("river/shop:url=A", "no line of river/shop begins with 'url:'"),
    ):
        with pytest.raises(OcsError, match=message):
            variables(two, [wanted])
    named = variables(two, ["river/wiki:password=A", "Db Host=B"])
    assert named == [
        Variable("A", "river/wiki", "password"),
        Variable("B", "river/shop", "db host"),
    ]
    # Of two lines that would have one name, the first counts.
    assert variables({"river/x": ["db host", "db-host"]}) == [
        Variable("SECRET_DB_HOST", "river/x", "db host")
    ]
