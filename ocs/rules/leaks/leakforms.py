"""The forms of secrets: tokens of vendors, private keys, passwords where programs expect them."""

from __future__ import annotations

import re
from typing import NamedTuple

from ocs.rules.leaks.leaklooks import is_placeholder, looks_like_a_password


class Form(NamedTuple):
    """A form that secrets have. A line without any of the telltales, in small letters, has none.

    `group` is the secret part of the match. It must be no placeholder, and look like a password
    unless the form is `certain`.
    """

    what: str
    telltales: tuple[str, ...]
    pattern: re.Pattern[str]
    group: int | str = 0
    certain: bool = True

    def fits(self, match: re.Match[str]) -> bool:
        secret = match[self.group]
        if self.group == 0:
            return True
        return not is_placeholder(secret) and (self.certain or looks_like_a_password(secret))


def _token(what: str, telltale: str, pattern: str) -> Form:
    return Form(what, tuple(telltale.split()), re.compile(pattern))


def _given(
    what: str, telltales: str, pattern: str, flags: int = 0, *, certain: bool = True
) -> Form:
    return Form(what, tuple(telltales.split()), re.compile(pattern, flags), "secret", certain)


# A value between quotes, or up to a space.
_VALUE = r"""["'`]?(?P<secret>[^\s"'`]{4,})"""
# Names of settings that hold a secret.
_NAME = (
    r"(?:pass(?:w(?:or)?d|phrase|wd)?|pw|pwd|passwort|kennwort"
    r"|secret|token|api[_-]?key|auth[_-]?key)"
)
_NAME_STEMS = "pass pw kennwort secret token api_key api-key apikey auth_key auth-key authkey"

FORMS = (
    _token(
        "a private key", "private", r"-----BEGIN (?:[A-Z0-9]+ )*PRIVATE KEY(?: BLOCK)?-----"
    ),
    _token("a private key", "age-secret-key", r"\bAGE-SECRET-KEY-1[0-9A-Z]{40,}"),
    _token(
        "a GitHub token",
        "ghp_ gho_ ghu_ ghs_ ghr_ github_pat_",
        r"\b(?:gh[pousr]_\w{30,}|github_pat_\w{30,})",
    ),
    _token(
        "a GitLab token",
        "glpat- gldt- glrt- glcbt- glptt-",
        r"\bgl(?:pat|dt|rt|cbt|ptt)-[\w-]{16,}",
    ),
    _token("an AWS access key", "akia asia", r"\b(?:AKIA|ASIA)[0-9A-Z]{16}\b"),
    _token("a Slack token", "xox", r"\bxox[abeoprs]-[\w-]{10,}"),
    _token("a Slack webhook", "hooks.slack.com", r"hooks\.slack\.com/services/T\w+/B\w+/\w+"),
    _token(
        "a Discord webhook", "/webhooks/", r"discord(?:app)?\.com/api/webhooks/\d+/[\w-]{30,}"
    ),
    _token("a Discord token", "discord", r"\b[MNO][\w-]{23,}\.[\w-]{6}\.[\w-]{27,}"),
    _token("a Stripe key", "k_live_ k_test_", r"\b[rs]k_(?:live|test)_\w{16,}"),
    _token("a Google API key", "aiza", r"\bAIza[\w-]{30,}"),
    _token("a Google OAuth secret", "gocspx-", r"\bGOCSPX-[\w-]{20,}"),
    _token("a Telegram bot token", ":aa", r"\b\d{8,10}:AA[\w-]{30,}"),
    _token("a SendGrid key", "sg.", r"\bSG\.[\w-]{16,}\.[\w-]{16,}"),
    _token("a Mailgun key", "key-", r"\bkey-[0-9a-f]{32}\b"),
    _token("a Mailchimp key", "-us", r"\b[0-9a-f]{32}-us\d{1,2}\b"),
    _token("an npm token", "npm_", r"\bnpm_[A-Za-z0-9]{30,}"),
    _token("a PyPI token", "pypi-", r"\bpypi-[\w-]{16,}"),
    _token("a DigitalOcean token", "_v1_", r"\bdo[opr]_v1_[0-9a-f]{40,}"),
    _token("a Docker token", "dckr_", r"\bdckr_(?:pat|oat)_[\w-]{20,}"),
    _token("a Matrix token", "syt_", r"\bsyt_\w+_\w{10,}_\w{4,}"),
    _token("a web token", "eyj", r"\beyJ[\w-]{10,}\.eyJ[\w-]{10,}\.[\w-]{10,}"),
    _token("an API key", "sk-", r"(?<![\w-])sk-(?:proj-|ant-|or-)?(?=[\w-]*\d)[\w-]{20,}"),
    _token("a Hugging Face token", "hf_", r"\bhf_[A-Za-z0-9]{30,}"),
    _token("a Vault token", "hvs.", r"\bhvs\.[\w-]{20,}"),
    _token("a Brevo key", "xkeysib-", r"\bxkeysib-[0-9a-f]{40,}"),
    _token(
        "a Shopify token",
        "shpat_ shpca_ shppa_ shpss_",
        r"\bshp(?:at|ca|pa|ss)_[0-9a-fA-F]{32}",
    ),
    _token("a Grafana token", "glsa_ glc_", r"\bgl(?:sa|c)_[\w=+/-]{20,}"),
    _token("a Sentry token", "sntry", r"\bsntry[su]_[\w=+/-]{20,}"),
    _token("a New Relic key", "nrak-", r"\bNRAK-[A-Z0-9]{20,}"),
    _token("a Databricks token", "dapi", r"\bdapi[0-9a-f]{32}\b"),
    _token("a Linear key", "lin_api_", r"\blin_api_\w{30,}"),
    _token("a Notion token", "ntn_ secret_", r"\b(?:ntn_\w{30,}|secret_[A-Za-z0-9]{40,})"),
    _token("a Figma token", "figd_", r"\bfigd_[\w-]{30,}"),
    _token("a Terraform token", "atlasv1", r"\b\w{14}\.atlasv1\.[\w-]{50,}"),
    _token("a Supabase token", "sbp_", r"\bsbp_[0-9a-f]{30,}"),
    _token("a Heroku key", "hrku-", r"\bHRKU-[\w-]{30,}"),
    _token("a Square token", "sq0", r"\bsq0(?:atp|csp)-[\w-]{20,}"),
    _token("a Postman key", "pmak-", r"\bPMAK-[0-9a-f-]{30,}"),
    _token("a Pulumi token", "pul-", r"\bpul-[0-9a-f]{40}\b"),
    _token("a PuTTY key", "putty-user-key", r"PuTTY-User-Key-File-\d"),
    _token(
        "a storage key",
        "accountkey= accesskey=",
        r"(?:AccountKey|SharedAccessKey)=[\w+/=]{30,}",
    ),
    _token(
        "a WireGuard key",
        "privatekey presharedkey",
        r"\b(?:PrivateKey|PresharedKey)\s*=\s*[\w+/]{42,44}=",
    ),
    _token(
        "a login in a header",
        "authorization: basic",
        r"Authorization: Basic [A-Za-z0-9+/]{12,}={0,2}",
    ),
    _token("a Twilio key", "twilio", r"\bSK[0-9a-f]{32}\b"),
    _token(
        "a one-time password's seed", "otpauth:", r"otpauth://[^\s?]+\?\S*secret=[A-Z2-7]{16,}"
    ),
    _given(
        "a password in an address",
        "://",
        r"\b[a-z][a-z0-9+.-]*://[^\s/:@\"'<>]+:(?P<secret>[^\s/@\"'<>]{3,})@[\w\[]",
        re.IGNORECASE,
    ),
    _given(
        "a password given to a command",
        "mysql mariadb mycli",
        r"(?<![/\w])(?:mysql\w*|mariadb[\w-]*|mycli)\b[^|;&#]*?\s-p"
        r"(?P<secret>[^\s\"'$-][^\s\"']{3,}|[\"'][^\"'$\s]{4,})",
    ),
    _given(
        "a password given to a command",
        "-pass -pw",
        rf"\s--?(?:password|passwd|pass|passphrase|pw)(?:=|\s+){_VALUE}",
        certain=False,
    ),
    _given(
        "a password given to a command",
        "curl wget",
        rf"\b(?:curl|wget)\b.*?\s(?:-u|--user)[=\s]?[\"']?[^\s:\"']+:{_VALUE}",
    ),
    _given("a password given to a command", "sshpass", rf"\bsshpass\s+-p\s*{_VALUE}"),
    _given(
        "a password given to a command",
        "smbclient cifs rpcclient",
        rf"\b(?:smbclient|mount\.cifs|rpcclient)\b.*?\s-U\s*[\"']?[^\s%\"']+%{_VALUE}",
    ),
    _given(
        "a password given to a command",
        "redis-cli ipmitool zip unzip 7z snmp",
        rf"\b(?:redis-cli|ipmitool|zip|unzip|7za?)\b.*?\s-[aPp]\s?{_VALUE}",
        certain=False,
    ),
    _given(
        "a password given to a command",
        "-passin -passout",
        rf"\s-pass(?:in|out)\s+pass:{_VALUE}",
    ),
    _given(
        "a password given to a command",
        "chpasswd",
        rf"\becho\s+[\"']?[\w.-]+:{_VALUE}.*chpasswd",
    ),
    _given("a password given to a command", "/p:", rf"\s/p:{_VALUE}"),
    _given(
        "a password given to a database",
        "identified",
        r"\bidentified\s+by\s+[\"'](?P<secret>[^\"'\s]{4,})[\"']",
        re.IGNORECASE,
    ),
    _given(
        "a password in a list of logins",
        ":5432: machine",
        rf"(?:^|\s)(?:\S+:5432:\S+:\S+:|machine\s.*password\s+){_VALUE}",
    ),
    _given("a password given to a command", "ldap", rf"\bldap\w+\b.*?\s-w\s*{_VALUE}"),
    _given(
        "a password given to a command",
        "htpasswd",
        rf"\bhtpasswd\s+-\w*b\w*\s+\S+\s+\S+\s+{_VALUE}",
    ),
    _given(
        "a password in a setting",
        _NAME_STEMS,
        rf"(?<![^\W_]){_NAME}\b(?:[\"']\s*,\s*(?=[\"'])|[\"']?\s*=>?\s*){_VALUE}",
        re.IGNORECASE,
        certain=False,
    ),
    _given(
        "a password in a setting",
        "pass pw secret token _key",
        rf"\b(?:[A-Z][A-Z0-9]*_)+(?:PASS|PASSWORD|PASSWD|PW|SECRET|TOKEN|KEY)\b[\"']?\s*[=:]\s*{_VALUE}",
    ),
    _given(
        "a key in a setting",
        "api_key api-key apikey auth_key auth-key authkey access_key access-key "
        "secret_key secret-key",
        r"(?<![^\W_])(?:api|auth|access|secret)[_-]?key\b[\"']?\s*[:=]\s*[\"']?(?P<secret>[0-9a-f]{32,})\b",
        re.IGNORECASE,
    ),
    _given(
        "a password",
        "password passphrase passwort",
        r"(?P<secret>[^\s\"'`/]{6,})[\"'`]?,?\s+(?:is|as|ist|als)\s+(?:the\s+|its\s+|our\s+|das\s+)?(?:[\w-]+\s+)?"
        r"(?:password|passphrase|passwort)\b(?!\s*(?:hash|manag|polic|field|stor|-))",
        re.IGNORECASE,
        certain=False,
    ),
    _given(
        "a token",
        "token secret api_key api-key apikey bearer",
        r"\b(?:token|secret|api[ _-]?key|bearer)\b[^A-Za-z0-9]{0,4}(?:is\s+|ist\s+|es\s+)?[\"'`]?"
        r"(?P<secret>(?=[\w.~+/-]*[a-z])(?=[\w.~+/-]*[A-Z])(?=[\w.~+/-]*\d)[\w.~+/-]{24,})",
    ),
    _given(
        "a PIN",
        "pin",
        r"\b(?:PIN|pin)\b(?:[ -]?code)?\W{0,3}(?:(?:is|ist|es|est|to|je)\s+)?(?P<secret>\d{4,8})\b",
    ),
)
