"""How did the tables of Ombud's own database come to be? One script per change, run by Alembic."""
