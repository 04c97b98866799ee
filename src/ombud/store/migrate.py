"""How does an older database become one this Ombud knows?"""

from __future__ import annotations

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection


def migrations() -> Config:
    """Return Alembic's configuration, without a file: the scripts are part of the package."""
    config = Config()
    config.set_main_option("script_location", "ombud:store_migrations")
    config.set_main_option("path_separator", "os")
    return config


def migrate(connection: Connection) -> None:
    """Run every migration the database lacks, inside the transaction that is open.

    A failure leaves the database as it was: both databases undo changes of tables too.
    """
    config = migrations()
    config.attributes["connection"] = connection
    command.upgrade(config, "head")
