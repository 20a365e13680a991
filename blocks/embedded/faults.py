"""What can stop the embedded services from starting."""


class CannotStartError(RuntimeError):
    """The services cannot start here; the message says what to change."""
