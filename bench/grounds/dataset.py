"""Customers whose data lives by five grounds: policy, map and rows; invented people only."""

from __future__ import annotations

import sqlalchemy as sa

TABLES = ("customers", "orders", "invoices", "tickets", "newsletter")

POLICY = """
organisation:
  name: Bench
  number: "1"
  country: DK
  languages: [en]
  contact: {email: bench@example.org}
subjects: {customers: {title: Customers}}
categories:
  ticket: {title: Ticket}
  delivery_address: {title: Delivery address}
clocks:
  last_order: the last order
  closed: the ticket was closed
  posted: the invoice was posted
consents:
  newsletter: {purpose: Our newsletter, text: "Yes, send it."}
activities:
  relation:
    title: Relationship
    purpose: Serving customers who come back
    about: customers
    data: [name, email, delivery_address]
    basis: {legitimate_interests: Serving customers who come back}
    keep: {for: 3 years, after: last_order}
  support:
    title: Support
    purpose: Helping
    about: customers
    data: [name, email, ticket]
    basis: {contract: Support}
    keep: {for: 1 year, after: closed}
  bookkeeping:
    title: Bookkeeping
    purpose: Keeping books
    about: customers
    data: [name, address, invoice_lines]
    basis: {legal_obligation: DK bogføringsloven § 12(1)}
    keep: {for: 5 years, after: posted, counted_from: financial_year_end}
  newsletter:
    title: Newsletter
    purpose: Sending the newsletter
    about: customers
    data: [email]
    basis: {consent: newsletter}
    marketing: true
    keep: {until: consent_withdrawn}
  marketing:
    title: Offers
    purpose: Calling with offers
    about: customers
    data: [email, phone]
    basis: {legitimate_interests: Telling customers of offers}
    marketing: true
    keep: {for: 2 years, after: last_order}
"""

SYSTEMS = """
systems:
  crm:
    url: ${BENCH_URL}
    sweep: {floor: 100000000}
    tables:
      customers:
        serves:
          relation: {clocks: {last_order: {latest: orders.placed_at, else: created_at}}}
          support:
            when: {exists: tickets}
            clocks: {closed: {latest: tickets.closed_at, none: ended}}
          bookkeeping:
            when: {exists: invoices}
            clocks: {posted: {latest: invoices.posted_on, none: ended}}
          newsletter:
            when: {exists: newsletter}
            consents:
              newsletter: {given: newsletter.given_at, withdrawn: newsletter.withdrawn_at}
          marketing: {clocks: {last_order: {latest: orders.placed_at, else: created_at}}}
        subjects: {person: {email: email}}
        columns: {name: name, email: email, phone: phone, address: address}
        not_personal: [id, created_at]
      orders:
        refers_to: {customers: customer_id}
        serves: {relation: {clocks: {last_order: placed_at}}}
        subjects: {person: {email: customers.email}}
        columns: {address: delivery_address}
        not_personal: [id, customer_id, placed_at]
      invoices:
        refers_to: {customers: customer_id}
        serves: {bookkeeping: {clocks: {posted: posted_on}}}
        subjects: {person: {email: customers.email}}
        columns: {lines: invoice_lines}
        not_personal: [id, customer_id, posted_on]
      tickets:
        refers_to: {customers: customer_id}
        serves: {support: {clocks: {closed: closed_at}}}
        subjects: {person: {email: customers.email}}
        columns: {body: ticket}
        not_personal: [id, customer_id, closed_at]
      newsletter:
        belongs_to: {customers: customer_id}
        columns: {source: email}
        not_personal: [id, customer_id, given_at, withdrawn_at]
"""

_CHILD = "(id int PRIMARY KEY, customer_id int NOT NULL REFERENCES customers (id){cascade}, {rest})"

DDL = (
    "CREATE TABLE customers (id int PRIMARY KEY, name text, email text, phone text, address text,"
    " created_at date NOT NULL)",
    "CREATE TABLE orders " + _CHILD.format(cascade="", rest="address text, placed_at date"),
    "CREATE TABLE invoices " + _CHILD.format(cascade="", rest="lines text, posted_on date"),
    "CREATE TABLE tickets " + _CHILD.format(cascade="", rest="body text, closed_at date"),
    "CREATE TABLE newsletter "
    + _CHILD.format(
        cascade=" ON DELETE CASCADE", rest="source text, given_at date, withdrawn_at date"
    ),
)


def objectors() -> list[str]:
    """Return the addresses of people who objected to marketing."""
    return [f"c{n * 131}@example.org" for n in range(1, 501)]


def held() -> list[str]:
    """Return the addresses of people about whom there is a claim."""
    return [f"c{n * 137}@example.org" for n in range(1, 201)]


def build(url: sa.URL, customers: int) -> int:
    """Fill an empty database; return how many rows it has.

    One customer in twelve last ordered years ago; most others did lately.
    """
    day = "date '2026-11-20' - ({old} + ({n}) % {spread})::int"
    owner = f"((i::bigint * 7919) % {customers} + 1)::int"
    last = f"CASE WHEN ({owner}) % 12 = 0 THEN 1500 ELSE 30 END"
    when = day.format(old=last, n="i::bigint * 31", spread=600)
    fills = (
        (customers, "customers", "i, 'Customer ' || i, 'c' || i || '@example.org', '680500' || i,"
         " 'Street ' || i, " + day.format(
             old="CASE WHEN i % 12 = 0 THEN 1500 ELSE 400 END", n="i", spread=900)),
        (3 * customers, "orders", f"i, {owner}, 'Street ' || i, {when}"),
        (2 * customers, "invoices", f"i, {owner}, 'Three lines of ' || i,"
         f" date '2026-11-20' - (({last}) + (i::bigint * 37) % 1900)::int"),
        (2 * customers, "tickets", f"i, {owner}, 'Something was wrong with ' || i, {when}"),
        (customers // 2, "newsletter", f"i, {owner}, 'Form', date '2020-01-01',"
         " CASE WHEN i % 3 = 0 THEN date '2024-01-01' END"),
    )  # fmt: skip
    engine = sa.create_engine(url, isolation_level="AUTOCOMMIT", poolclass=sa.pool.NullPool)
    with engine.connect() as c:
        for statement in DDL:
            c.exec_driver_sql(statement)
        for count, table, values in fills:
            c.execute(sa.text(
                f"INSERT INTO {table} SELECT {values} FROM generate_series(1, {count}) s(i)"
            ))  # fmt: skip
        for table, clock in (
            ("orders", "placed_at"), ("invoices", "posted_on"), ("tickets", "closed_at")
        ):  # fmt: skip
            c.exec_driver_sql(f"CREATE INDEX ON {table} (customer_id)")
            c.exec_driver_sql(f"CREATE INDEX ON {table} ({clock})")
        c.exec_driver_sql("CREATE INDEX ON newsletter (customer_id)")
        c.exec_driver_sql("CREATE INDEX ON customers (created_at)")
        c.exec_driver_sql("CREATE INDEX ON customers (email)")
        c.exec_driver_sql("VACUUM ANALYZE")
    return sum(count for count, _, _ in fills)
