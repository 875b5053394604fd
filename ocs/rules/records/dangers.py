"""Commands in a text that a reader cannot check before they run, or not undo after.

The forms look at a whole text in which line ends after `\\` and `|` are joined. Nothing in a
form repeats without a limit, so each takes time in proportion to the text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

_FOLDER = r"(?:[\w.~/-]{0,80}/)?"
_SHELL = (
    r"(?:(?:ba|z|da|k|c|tc|fi|a)?sh|python[\d.]{0,9}|perl|ruby|node|php|pwsh|powershell|"
    r"iex|invoke-expression|source|eval|cmd)(?:\.exe)?(?![\w.-])"
)
_FETCH = (
    r"(?<![\w.-])(?:curl|wget|fetch|aria2c|http|https|lwp-request|lynx|iwr|irm|"
    r"invoke-webrequest|invoke-restmethod|ftp|nc|ncat|bitsadmin|certutil)(?:\.exe)?(?![\w-])"
)
_BEFORE = (
    r"(?:(?:sudo|doas|env|nohup|exec|command|busybox|time|xargs|su)\s{1,9}|-\S{1,40}\s{1,9}|"
    r"\w{1,40}=\S{0,99}\s{1,9}){0,9}"
)
_SOURCES = {
    "runs what it fetches from an address": (
        rf"{_FETCH}[^\n|]{{0,300}}(?:\|[^\n|]{{0,300}})?\|\s{{0,9}}{_BEFORE}{_FOLDER}{_SHELL}",
        rf"(?<![\w.-]){_SHELL}[^\n]{{0,60}}?(?:<\(|\$\()\s{{0,9}}{_BEFORE}{_FETCH}",
        rf"(?:(?<![\w-])eval|(?<!\S)-c)\s{{1,9}}[\"']?`\s{{0,9}}{_BEFORE}{_FETCH}",
        rf"(?<![\w.])\.\s{{1,9}}<\(\s{{0,9}}{_FETCH}",
        r"(?<![\w-])(?:iex|invoke-expression)\b[^\n]{0,200}(?:downloadstring|https?://|iwr|irm)",
        r"(?:downloadstring|downloaddata)\s{0,9}\(",
        r"(?<![\w-])(?:mshta|regsvr32|rundll32)(?:\.exe)?\b[^\n]{0,200}https?://",
        r"(?<![\w-])(?:pip[\d.]{0,9}|npm|npx|gem)\s[^\n]{0,100}(?:http|git\+)",
    ),
    "runs text that readers cannot read": (
        rf"base64\s{{1,9}}(?:-d|-D|--decode)[^\n|]{{0,300}}\|\s{{0,9}}{_BEFORE}{_FOLDER}{_SHELL}",
        rf"(?:xxd\s{{1,9}}-r|openssl\s{{1,9}}enc)[^\n|]{{0,300}}\|\s{{0,9}}{_BEFORE}{_FOLDER}{_SHELL}",
        r"(?<![\w-])(?:powershell|pwsh)(?:\.exe)?\b[^\n]{0,100}\s[-/]e(?:nc|ncodedcommand|c)?\s",
    ),
    "deletes whole folders": (
        r"(?<![\w.-])rm\s{1,9}(?=(?:-\S{1,40}\s{1,9}){0,9}(?:-[a-z]{0,9}r|--recursive))"
        r"(?=(?:-\S{1,40}\s{1,9}){0,9}(?:-[a-z]{0,9}f|--force))",
        r"(?<![\w-])find\s{1,9}(?:/|~|\.|/?\w{1,20}/?|\$\w{1,20})\s[^\n]{0,200}\s-(?:delete|exec\s{1,9}rm)\b",
        r"(?<![\w-])(?:rd|rmdir|del)\s{1,9}[^\n]{0,40}/s\b",
        r"(?<![\w-])remove-item\b[^\n]{0,100}-recurse",
        r"(?<![\w-])git\s{1,9}clean\s{1,9}-\S{0,40}[fdx]",
        r"(?<![\w-])rsync\b[^\n]{0,100}--delete",
    ),
    "overwrites a disk": (
        r"(?<![\w-])dd\s[^\n]{0,100}\bof=/dev/",
        r"(?<![\w-])(?:mkfs(?:\.\w{1,9})?|wipefs|shred|blkdiscard)\s",
        r">\s{0,9}/dev/(?:sd|nvme|vd|hd|disk|mmcblk)",
        r"(?<![\w-])format\s{1,9}[a-z]:",
    ),
    "gives everybody rights": (
        r"(?<![\w-])chmod\s{1,9}(?:-\S{1,40}\s{1,9}){0,9}(?:[0-7]?[0-7]?[0-7][2367]|[ao]{0,9}[ao][+=]\S{0,40}w\S{0,40}|\+\S{0,40}w\S{0,40})(?!\S)",
        r"(?<![\w-])icacls\b[^\n]{0,100}(?:everyone|jeder|\*s-1-1-0)",
        r"nopasswd\s{0,9}:",
        r"authorized_keys",
    ),
    "switches a protection off": (
        r"(?<![\w-])(?:curl|wget)\b[^\n]{0,100}\s(?:-k|--insecure|--no-check-certificate)(?![\w-])",
        r"(?<![\w-])setenforce\s{1,9}0",
        r"(?<![\w-])(?:ufw\s{1,9}disable|iptables\s{1,9}-F)",
        r"sslverify\s{0,9}[= ]\s{0,9}(?:false|0)",
        r"disablerealtimemonitoring",
    ),
    "fills the memory of a computer": (r":\s{0,9}\(\s{0,9}\)\s{0,9}\{",),
}
FORMS = {
    what: re.compile("|".join(f"(?:{form})" for form in forms), re.IGNORECASE)
    for what, forms in _SOURCES.items()
}
JOINED = re.compile(r"\\[ \t]{0,9}\r?\n|(?<=\|)[ \t]{0,9}\r?\n|\r?\n(?=[ \t]{0,9}\|)")
_HIDDEN = str.maketrans(dict.fromkeys("\"'\\^", None))


def dangers(text: str) -> Iterator[str]:
    """What is dangerous about the commands in a text: `deletes whole folders`."""
    joined = JOINED.sub(" ", text)
    # A shell takes quotes and backslashes within a word away: c""url is curl.
    spellings = dict.fromkeys((joined, joined.translate(_HIDDEN)))
    for what, form in FORMS.items():
        if any(form.search(spelling) for spelling in spellings):
            yield what
