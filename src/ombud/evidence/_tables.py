"""Where do log, holds, decisions and plans lie in Ombud's own database?"""

from __future__ import annotations

from sqlalchemy import JSON, Boolean, Column, Date, Index, Integer, LargeBinary, Table, Text

from ombud.store.types import Number, Utc, metadata

log_state = Table(
    "log_state",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("origin", Text, nullable=False),
    Column("size", Number, nullable=False),
    Column("frontier", LargeBinary, nullable=False),
)
log_entries = Table(
    "log_entries",
    metadata,
    Column("idx", Number, primary_key=True, autoincrement=False),
    Column("kind", Text, nullable=False),
    Column("about", Text, nullable=False),
    Column("once", Text, unique=True),
    Column("at", Utc, nullable=False),
    Column("entry", Text, nullable=False),
)
# Each ends with the index, so that what it finds is in order: no query sorts.
Index("ix_log_entries_kind_about_idx", log_entries.c.kind, log_entries.c.about, log_entries.c.idx)
Index("ix_log_entries_kind_idx", log_entries.c.kind, log_entries.c.idx)
log_nodes = Table(
    "log_nodes",
    metadata,
    Column("level", Integer, primary_key=True, autoincrement=False),
    Column("idx", Number, primary_key=True, autoincrement=False),
    Column("hash", LargeBinary, nullable=False),
)
log_payloads = Table(
    "log_payloads",
    metadata,
    Column("idx", Number, primary_key=True, autoincrement=False),
    Column("name", Text, primary_key=True),
    Column("salt", LargeBinary, nullable=False),
    Column("payload", Text, nullable=False),
)
log_checkpoints = Table(
    "log_checkpoints",
    metadata,
    Column("size", Number, primary_key=True, autoincrement=False),
    Column("key_id", Text, primary_key=True),
    Column("note", Text, nullable=False),
    Column("at", Utc, nullable=False),
)
log_keys = Table(
    "log_keys",
    metadata,
    Column("id", Text, primary_key=True),
    Column("vkey", Text, nullable=False),
    Column("sealed", LargeBinary, nullable=False),
    Column("made_at", Utc, nullable=False),
    Column("retired_at", Utc),
)

holds = Table(
    "holds",
    metadata,
    Column("id", Text, primary_key=True),
    Column("kind", Text, nullable=False),
    Column("system", Text, nullable=False),
    Column("table", Text, nullable=False),
    Column("scope", JSON, nullable=False),
    Column("reason", Text, nullable=False),
    Column("law", Text, nullable=False),
    Column("by", Text, nullable=False),
    Column("placed_at", Utc, nullable=False),
    Column("review_on", Date, nullable=False),
    Column("released_at", Utc, index=True),
    Column("released_by", Text),
)
decisions = Table(
    "decisions",
    metadata,
    Column("seq", Number, primary_key=True),
    Column("id", Text, nullable=False, unique=True),
    Column("kind", Text, nullable=False),
    Column("persons", JSON, nullable=False),
    Column("activities", JSON, nullable=False),
    Column("consents", JSON, nullable=False),
    Column("decided_at", Utc, nullable=False),
    Column("by", Text, nullable=False),
    Column("recorded_at", Utc, nullable=False),
    sqlite_autoincrement=True,  # a number is never given twice
)
plans = Table(
    "plans",
    metadata,
    Column("digest", Text, primary_key=True),
    Column("basis_digest", Text, nullable=False),
    Column("as_of", Date, nullable=False),
    Column("json", Text, nullable=False),
    Column("made_at", Utc, nullable=False, index=True),
)
approvals = Table(
    "approvals",
    metadata,
    Column("digest", Text, primary_key=True),
    Column("by", Text, primary_key=True),
    Column("at", Utc, nullable=False),
    Column("preapproved", Boolean, nullable=False),
)
preapprovals = Table(
    "preapprovals",
    metadata,
    Column("id", Number, primary_key=True),
    Column("rule", Text, nullable=False),
    Column("system", Text, nullable=False),
    Column("table", Text, nullable=False),
    Column("rule_digest", Text, nullable=False),
    Column("by", Text, nullable=False),
    Column("at", Utc, nullable=False),
    Column("voided_at", Utc),
    sqlite_autoincrement=True,
)
Index("ix_preapprovals_system_table_rule", "system", "table", "rule", _table=preapprovals)
watermarks = Table(
    "watermarks",
    metadata,
    Column("system", Text, primary_key=True),
    Column("table", Text, primary_key=True),
    Column("scope", Text, primary_key=True),
    Column("as_of", Date, nullable=False),
    Column("at", Utc, nullable=False),
    Column("basis_digest", Text, nullable=False),
    Column("decisions_seen", Number, nullable=False),
)
step_tally = Table(
    "step_tally",
    metadata,
    Column("plan", Text, primary_key=True),
    Column("step", Text, primary_key=True),
    Column("system", Text, nullable=False),
    Column("erased", Number, nullable=False),
    Column("blanked", Number, nullable=False),
    Column("in_doubt", Number, nullable=False),
    Column("told_erased", Number, nullable=False),
    Column("told_blanked", Number, nullable=False),
    Column("told_in_doubt", Number, nullable=False),
    Column("in_flight", Number, nullable=False),
    Column("along", Number, nullable=False),
)
