"""What a database's own catalogue says of tables, and what hangs on it, is read as it is.

Method: one thing of which a generic reflection tells nothing or something else. Where it were
missed, rows would go unseen with their parents, or a promise would stand that nobody looked at.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from sqlalchemy import create_engine, make_url, pool

from contract.club import Maker, run
from ombud.connectors.sql.reflect import read_schema
from ombud.errors import ConnectorFailed
from ombud.systems.live import LiveSchema
from servers import Server

MAP = """
members:
  serves: {membership: {clocks: {left: gone}}}
  columns: {name: name}
  not_personal: [id, gone]
"""
MEMBERS = """
CREATE TABLE members (id INTEGER PRIMARY KEY, name VARCHAR(9), gone DATE);
INSERT INTO members VALUES (1, 'a', '2020-01-01'), (2, 'b', NULL)
"""
VOUCHERS = "CREATE TABLE {name} (id INTEGER PRIMARY KEY, member INTEGER {refers})"


def live_of(url: str, *schemas: str) -> LiveSchema:
    with create_engine(url, poolclass=pool.NullPool).connect() as connection:
        return read_schema(connection, ["", *schemas])


@pytest.mark.parametrize(
    "refers",
    [
        "REFERENCES members ON DELETE CASCADE",
        "REFERENCES MEMBERS (ID) ON DELETE CASCADE",
        ", FOREIGN KEY (MEMBER) REFERENCES members ON DELETE CASCADE",
    ],
)
def test_sqlite_tells_a_foreign_key_however_it_is_written(
    make: Maker, sqlite_url: str, refers: str
) -> None:
    club = make(
        sqlite_url, MAP, MEMBERS, VOUCHERS.format(name="vouchers", refers=refers), unbound=True
    )
    assert "Z34" in club.codes()
    [key] = live_of(sqlite_url).tables["", "vouchers"].foreign_keys
    assert (key.columns, key.parent, key.on_parent_gone) == (("member",), "members", "cascade")


@pytest.mark.parametrize(
    ("rule", "code"), [("CASCADE", "Z34"), ("SET NULL", "Z30"), ("NO ACTION", "Z30")]
)
def test_postgresql_tells_what_refers_from_another_schema(
    make: Maker, postgres_url: str, rule: str, code: str
) -> None:
    refers = f"REFERENCES public.members ON DELETE {rule}"
    club = make(
        postgres_url,
        MAP,
        MEMBERS,
        "CREATE SCHEMA archive",
        VOUCHERS.format(name="archive.vouchers", refers=refers),
        VOUCHERS.format(name="archive.others", refers=""),
        unbound=True,
    )
    assert code in club.codes()
    live = live_of(postgres_url)
    assert ("archive", "others") not in live.tables, "nothing there has to do with the map"
    assert live.elsewhere == ("others", "vouchers")
    [key] = live_of(postgres_url, "archive").tables["archive", "vouchers"].foreign_keys
    assert key.parent_schema == "public"


def test_mariadb_tells_what_refers_from_another_database(
    make: Maker, mariadb_url: str, fresh_database: Callable[[str], str]
) -> None:
    other, here = (make_url(u).database for u in (fresh_database("mariadb"), mariadb_url))
    refers = f", FOREIGN KEY (member) REFERENCES {here}.members (id) ON DELETE CASCADE"
    name = f"{other}.vouchers"
    club = make(mariadb_url, MAP, MEMBERS, VOUCHERS.format(name=name, refers=refers), unbound=True)
    assert "Z34" in club.codes()
    club.run(f"DROP TABLE {name}")  # else this database could not be dropped


def test_rows_that_the_account_may_not_see_are_no_rows_that_are_not_there(
    make: Maker, postgres_server: Server, postgres_url: str
) -> None:
    name = make_url(postgres_url).database or ""
    account = f"narrow_{name}"
    run(
        postgres_url,
        MEMBERS,
        f"CREATE ROLE {account} LOGIN",
        f"GRANT SELECT, DELETE, UPDATE ON members TO {account}",
        "ALTER TABLE members ENABLE ROW LEVEL SECURITY",
        "CREATE POLICY only_one ON members USING (id = 2)",
    )
    try:
        club = make(postgres_server.url(name, account), MAP, unbound=True)
        assert "Z38" in club.codes()
        with pytest.raises(ConnectorFailed, match="42501"):
            replace(club, checked=False).due()
        club.connector.close()
        run(postgres_url, f"ALTER ROLE {account} BYPASSRLS")
        club = make(postgres_server.url(name, account), MAP)
        assert {"Z38", "Z60"} & club.codes() == set()
        assert club.apply() == {"members erase": 1}
    finally:
        club.connector.close()
        run(postgres_url, f"DROP OWNED BY {account}", f"DROP ROLE {account}")


@pytest.mark.parametrize("kind", ["postgres", "postgres15"], indirect=True)
def test_parts_of_a_table_are_no_tables_beside_it(make: Maker, url: str) -> None:
    club = make(
        url,
        MAP
        + """
visits:
  key: [id, seen]
  belongs_to: {members: member}
  columns: {ip: note}
  not_personal: [id, member, seen]
""",
        MEMBERS,
        "CREATE TABLE visits (id INTEGER, seen DATE, ip TEXT, member INTEGER NOT NULL"
        " REFERENCES members ON DELETE CASCADE, PRIMARY KEY (id, seen)) PARTITION BY RANGE (seen)",
        "CREATE INDEX of_member ON visits (member)",
        "CREATE TABLE visits_old PARTITION OF visits FOR VALUES FROM (MINVALUE) TO ('2024-01-01')",
        "CREATE TABLE visits_new PARTITION OF visits DEFAULT",
        "INSERT INTO visits VALUES (1, '2022-01-01', 'a', 1), (2, '2025-01-01', 'b', 2)",
    )
    assert {"Z11", "Z34"} & club.codes() == set()
    assert club.apply() == {"members erase": 1, "visits erase": 1}
    assert club.ids("visits") == [2]
