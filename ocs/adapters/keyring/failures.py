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
        "run `export GPG_TTY=$(tty)`, and write that into your shell's start file",
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
            return KeyringError(f"your key could not be used: {_reason(result)}", _AGENT_HINT)
    if _NO_AGENT.search(result.stderr):
        return KeyringError(
            "gpg-agent, which keeps your keys, does not run and cannot be started", _AGENT_HINT
        )
    if "BADMDC" in result:
        return KeyringError(
            "the file is damaged, or somebody changed it", "take it from git again"
        )
    if "NO_SECKEY" in result and "DECRYPTION_OKAY" not in result:
        readers = len(message.recipients)
        return NoSecretKeyError(
            f"none of your keys is among its {readers} readers"
            if readers > 1
            else "none of your keys is its one reader's",
            "see your keys with `gpg --list-secret-keys`, or ask a gatekeeper to let you read it",
        )
    if "DECRYPTION_OKAY" in result and ("ERRSIG" in result or "BADSIG" in result):
        return KeyringError(
            "it holds a signature that cannot be checked, and secrets hold none",
            "have it written again",
        )
    if "DECRYPTION_OKAY" in result and not result.failed:
        return KeyringError(
            "what is encrypted in it is not one content, as it is in secrets",
            "have it written again",
        )
    return KeyringError(f"gpg cannot decrypt it: {_reason(result)}")


_AGENT_HINT = "run `gpgconf --kill gpg-agent`, then `gpg --list-secret-keys`, and try it again"


def _reason(result: GpgResult) -> str:
    """What gpg wrote about the failure, rather than the last consequence of it."""
    reasons = re.findall(
        r"^gpg: (?:public key )?decryption failed: (.+)$", result.stderr, re.MULTILINE
    )
    return reasons[0] if reasons else result.last_words
