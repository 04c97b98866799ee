"""Posts that go along with their member, and refer to a thread whose own time is long over.

`{about}` in the map and `{key}` in the tables take further links of the posts, or nothing.
"""

from __future__ import annotations

POSTS = """
members:
  serves: {membership: {clocks: {left: gone}}}
  columns: {name: name}
  not_personal: [id, gone]
threads:
  serves: {invoices: {clocks: {posted: closed}}}
  columns: {text: invoice_lines}
  not_personal: [id, closed]
posts:
  belongs_to: {members: member}
  refers_to:
    threads: thread
    {about}
  columns: {body: note}
  not_personal: [id, member, thread, about]
"""

POSTS_DDL = """
CREATE TABLE members (id INTEGER PRIMARY KEY, name VARCHAR(9), gone DATE);
CREATE TABLE threads (id INTEGER PRIMARY KEY, text VARCHAR(9), closed DATE);
CREATE TABLE posts (id INTEGER PRIMARY KEY, member INTEGER NOT NULL, thread INTEGER, about INTEGER,
    body VARCHAR(9), FOREIGN KEY (member) REFERENCES members (id) ON DELETE CASCADE{key});
CREATE INDEX of_member ON posts (member);
CREATE INDEX of_thread ON posts (thread);
CREATE INDEX of_about ON posts (about);
"""
