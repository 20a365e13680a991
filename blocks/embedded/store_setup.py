"""The bucket of the object store: made once."""

from blocks.settings import Settings
from blocks.store import Store


def set_up_store(settings: Settings) -> None:
    """Make the bucket unless it is there."""
    store_of(settings).ensure_bucket()


def store_of(settings: Settings) -> Store:
    """Return the store as these settings name it, without asking Prefect."""
    return Store(
        endpoint=settings.store_endpoint,
        bucket=settings.s3_bucket,
        access_key=settings.s3_access_key,
        secret_key=settings.s3_secret_key,
    )
