"""Entries of a kind in order, whatever they are about."""

from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Make the index."""
    op.create_index("ix_log_entries_kind_idx", "log_entries", ["kind", "idx"])
