"""Who we connect to: settings, secrets, bytes in and out; no business. This file is the registry.

A block can be loaded from Prefect only in a process that imported its class. Who needs one block
imports its module; who needs whatever there is calls `import_all`. The package itself imports none
of them: Prefect and the libraries behind the blocks cost four seconds, which a start, a stop or a
look at the services need not pay.
"""

from importlib import import_module
from types import ModuleType

REGISTRY = (
    "blocks.warehouse",
    "blocks.store",
    "blocks.channel",
    "blocks.commerceml_site",
    "blocks.drop_folder",
    "blocks.object_prefix",
    "blocks.sftp_folder",
    "blocks.partner",
)


def import_all() -> list[ModuleType]:
    """Import every module that defines blocks."""
    return [import_module(name) for name in REGISTRY]
