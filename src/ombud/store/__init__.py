"""Where does Ombud keep what it knows itself? Its own database, its transactions and its locks.

Tables live with the packages that own them, on the one `metadata`; migrations live in
`store_migrations`.
"""

from ombud.store.database import Store, Transaction, open_store
from ombud.store.lock import Held
from ombud.store.seal import Seal, development_key
from ombud.store.types import Utc, metadata

__all__ = [
    "Held",
    "Seal",
    "Store",
    "Transaction",
    "Utc",
    "development_key",
    "metadata",
    "open_store",
]
