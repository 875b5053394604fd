"""The failures that ocs foresees. Each says what happened to which thing, and what to do next."""


class OcsError(Exception):
    """A foreseen failure, which ends the command with status 2."""

    def __init__(self, message: str, hint: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint


class RegistryNotFoundError(OcsError):
    """There is no ocs.yaml here or above."""


class RecordNotFoundError(OcsError):
    """No record has this id, or more than one has."""


class InvalidRecordError(OcsError):
    """A record that a command needs does not fit its schema, or is missing."""

    def __init__(self, file: str) -> None:
        super().__init__(
            f"{file} is not valid", f"run `ocs validate {file}` and fix what it lists"
        )


class UnreadableError(OcsError):
    """A file of the registry is missing, no plain file, too large, or not permitted."""


class NotItsOwnError(OcsError):
    """A ciphertext may hold what was written for another secret than *secret*.

    With `may_be_confirmed`, somebody at a terminal may say that it does not.
    """

    def __init__(
        self, secret: str, reason: str, hint: str, *, may_be_confirmed: bool = False
    ) -> None:
        super().__init__(f"cannot encrypt {secret} again: {reason}", hint)
        self.secret = secret
        self.reason = reason
        self.may_be_confirmed = may_be_confirmed


class NotOpenPgpError(OcsError):
    """Bytes are not the OpenPGP message or certificate that they should be."""


class KeyringError(OcsError):
    """gpg cannot do its work."""


class NoSecretKeyError(KeyringError):
    """None of the user's keys can decrypt this."""


class NotConfirmedError(OcsError):
    """The user does not confirm somebody to whom ocs would encrypt."""
