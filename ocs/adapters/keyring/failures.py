"""Why gpg could not decrypt, in words for somebody who uses gpg for the first time."""

from __future__ import annotations

import re

from ocs.adapters.keyring.result import GpgResult
from ocs.errors import KeyringError, NoSecretKeyError
from ocs.model.ciphertext import Message

# Codes of libgpg-error, without the part that says who reports it.
_BAD_PASSPHRASE, _NO_PINENTRY, _CANCELLED, _FULLY_CANCELLED, _TIMEOUT = 11, 85, 99, 198, 62
_NO_TERMINAL = 0x8066  # ENOTTY, "Inappropriate ioctl for device"
_REASONS = {
    _BAD_PASSPHRASE: ("the passphrase of your key was wrong", "try it again"),
    _CANCELLED: ("you cancelled the question for your passphrase", None),
    _FULLY_CANCELLED: ("you cancelled the question for your passphrase", None),
    _TIMEOUT: ("nobody answered the question for your passphrase", "try it again"),
    _NO_PINENTRY: (
        "gpg has no program to ask for your passphrase",
        "install one, such as `apt install pinentry-curses`, then run `gpgconf --kill gpg-agent`",
    ),
    _NO_TERMINAL: (
        "gpg cannot ask for your passphrase: it does not know your terminal",
        "run `export GPG_TTY=$(tty)`, and add that to your shell's startup file",
    ),
}
_NO_AGENT = re.compile("can't connect to the agent|no gpg-agent running|failed to start agent")


def failure(result: GpgResult, message: Message) -> KeyringError:
    """Why *message* could not be decrypted."""
    for fields in result.of("ERROR"):
        if fields[0] == "pkdecrypt_failed" and fields[1:] and fields[1].isdecimal():
            code = int(fields[1]) & 0xFFFF
            if code in _REASONS:
                return KeyringError(*_REASONS[code])
            return KeyringError(f"cannot use your key: {_reason(result)}", _AGENT_HINT)
    if _NO_AGENT.search(result.stderr):
        return KeyringError("cannot start gpg-agent, which keeps your keys", _AGENT_HINT)
    if "BADMDC" in result:
        return KeyringError(
            "the file is damaged, or somebody changed it", "restore it from git"
        )
    if "NO_SECKEY" in result and "DECRYPTION_OKAY" not in result:
        readers = len(message.recipients)
        return NoSecretKeyError(
            f"none of your keys is among its {readers} readers"
            if readers > 1
            else "none of your keys belongs to its one reader",
            "see your keys with `gpg --list-secret-keys`, or ask a gatekeeper to let you read it",
        )
    if "DECRYPTION_OKAY" in result and ("ERRSIG" in result or "BADSIG" in result):
        return KeyringError(
            "it contains a signature that cannot be checked; secrets must not be signed",
            "have somebody write it again",
        )
    if "DECRYPTION_OKAY" in result and not result.failed:
        return KeyringError(
            "it does not contain exactly one encrypted text",
            "have somebody write it again",
        )
    return KeyringError(f"gpg cannot decrypt it: {_reason(result)}")


_AGENT_HINT = "run `gpgconf --kill gpg-agent`, then `gpg --list-secret-keys`, and try it again"


def _reason(result: GpgResult) -> str:
    """What gpg wrote about the failure, rather than the last consequence of it."""
    reasons = re.findall(
        r"^gpg: (?:public key )?decryption failed: (.+)$", result.stderr, re.MULTILINE
    )
    return reasons[0] if reasons else result.last_words
