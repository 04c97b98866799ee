"""What steps changed, batch by batch, until the log has it."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
NUMBERS = (
    "erased",
    "blanked",
    "in_doubt",
    "told_erased",
    "told_blanked",
    "told_in_doubt",
    "in_flight",
    "along",
)


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "step_tally",
        sa.Column("plan", sa.Text(), nullable=False),
        sa.Column("step", sa.Text(), nullable=False),
        sa.Column("system", sa.Text(), nullable=False),
        *(sa.Column(name, NUMBER, nullable=False) for name in NUMBERS),
        sa.PrimaryKeyConstraint("plan", "step", name="pk_step_tally"),
    )
