"""Fill the shop with invented customers and orders, through the shop's own models."""

from __future__ import annotations

import random
from datetime import datetime, timedelta
from decimal import Decimal

import django

django.setup()

from django.contrib.auth.models import User  # noqa: E402
from django.db import transaction  # noqa: E402
from django.utils import timezone  # noqa: E402
from oscar.core.loading import get_model  # noqa: E402

CUSTOMERS, GUESTS, YEARS = 1500, 400, 8
FIRST = (
    "Asta Bo Carla Dines Ellen Frode Gry Holger Ida Jens Karen Lauge Mette Niels Oda Povl".split()
)
LAST = "Agerskov Bakkelund Dalgas Engholm Fogh Grønbæk Højlund Kragelund Lyng Mosegaard".split()
STREETS = "Nørregade Søndergade Kirkevej Skolestien Havnepladsen".split()
NOW = timezone.now()
rng = random.Random(7)  # noqa: S311  nothing secret


def model(path: str) -> type:
    """Return one of the shop's models, `app.Name`."""
    return get_model(*path.split("."))


def before(days: float) -> datetime:
    """Return an instant some days ago."""
    return NOW - timedelta(days=days, seconds=rng.randrange(86_400))


def person(number: int) -> dict[str, str]:
    """Return an invented name."""
    return {"first_name": rng.choice(FIRST), "last_name": f"{rng.choice(LAST)}-{number}"}


def address(who: dict[str, str]) -> dict[str, object]:
    """Return an invented address."""
    return {
        **who,
        "line1": f"{rng.choice(STREETS)} {rng.randrange(1, 99)}",
        "line4": "Lundeby",
        "postcode": str(rng.randrange(9990, 9999)),
        "country": DENMARK,
    }


def phone(number: int) -> str:
    """Return a number that nobody has."""
    return f"+45700{number:05d}"


def catalogue() -> list[object]:
    """Make books to sell."""
    kind = model("catalogue.ProductClass").objects.create(name="Bog")
    house = model("partner.Partner").objects.create(name="Lunde Bøger", code="lunde")
    books = []
    for number in range(40):
        book = model("catalogue.Product").objects.create(
            product_class=kind, title=f"Bog {number}", upc=f"978{number:04d}", slug=f"bog-{number}"
        )
        model("partner.StockRecord").objects.create(
            product=book, partner=house, partner_sku=f"sku-{number}", price=Decimal("100")
        )
        books.append(book)
    return books


def customers() -> list[User]:
    """Make customers, some of whom never logged in, and three employees."""
    made = []
    for number in range(CUSTOMERS):
        joined = rng.randrange(30, YEARS * 365)
        seen = rng.choice([None, rng.randrange(1, joined), rng.randrange(1, joined)])
        made.append(
            User(
                username=f"kunde{number}",
                email=f"kunde{number}@example.org",
                password="!",  # noqa: S106  Django's mark for: nobody can log in
                date_joined=before(joined),
                last_login=seen and before(seen),
                **person(number),
            )
        )
    staff = {"is_staff": True, "password": "!", "date_joined": before(2500)}
    for number in range(3):
        active = number < 2
        made.append(
            User(username=f"ansat{number}", email=f"ansat{number}@lunde.example", is_active=active,
                 last_login=before(3), **person(number), **staff)
        )  # fmt: skip
    return User.objects.bulk_create(made)


def saved_addresses(users: list[User]) -> None:
    """Give every other customer an address in the account."""
    keep = model("address.UserAddress")
    rows = []
    for user in rng.sample(users, len(users) // 2):
        row = keep(user=user, phone_number=phone(user.pk), **address(
            {"first_name": user.first_name, "last_name": user.last_name}
        ))  # fmt: skip
        row.hash = row.generate_hash()
        row.search_text = f"{row.first_name} {row.last_name} {row.line1}"
        rows.append(row)
    keep.objects.bulk_create(rows)


def orders(users: list[User], books: list[object]) -> None:
    """Make two orders for each customer, and some by guests."""
    buyers = [(u, "") for u in rng.choices(users, k=CUSTOMERS * 2)]
    buyers += [(None, f"gaest{number}@example.org") for number in range(GUESTS)]
    for number, (user, guest) in enumerate(buyers):
        at = before(rng.randrange(0, YEARS * 365))
        who = person(number) if user is None else {
            "first_name": user.first_name, "last_name": user.last_name
        }  # fmt: skip
        where = address(who)
        basket = model("basket.Basket").objects.create(owner=user, status="Submitted")
        model("basket.Basket").objects.filter(pk=basket.pk).update(
            date_created=at, date_submitted=at
        )
        order = model("order.Order").objects.create(
            number=str(100_000 + number), basket=basket, user=user, guest_email=guest,
            currency="DKK", total_incl_tax=100, total_excl_tax=80, shipping_method="Post",
            status="Complete", date_placed=at,
            billing_address=model("order.BillingAddress").objects.create(**where),
            shipping_address=model("order.ShippingAddress").objects.create(
                phone_number=phone(number), notes=rng.choice(["", "Stil den hos naboen"]), **where
            ),
        )  # fmt: skip
        book = rng.choice(books)
        line = model("order.Line").objects.create(
            order=order, product=book, title=book.title, quantity=1, partner_name="Lunde Bøger",
            partner_sku=f"sku-{book.pk}", line_price_incl_tax=100, line_price_excl_tax=80,
            line_price_before_discounts_incl_tax=100, line_price_before_discounts_excl_tax=80,
            unit_price_incl_tax=100, unit_price_excl_tax=80, num_allocated=0,
        )  # fmt: skip
        model("order.LinePrice").objects.create(
            order=order, line=line, price_incl_tax=100, price_excl_tax=80
        )
        source = model("payment.Source").objects.create(
            order=order,
            source_type=CARD,
            currency="DKK",
            amount_debited=100,
            reference=f"r{number}",
        )
        source.transactions.create(
            txn_type="Debit", amount=100, reference=f"t{number}", status="ok"
        )
        if number % 9 == 0:
            order.notes.create(user=STAFF[0], message="Ringede om forsinkelsen", note_type="Info")


def traces(users: list[User], books: list[object]) -> None:
    """Make searches, views, reviews, wishes, messages and open baskets."""
    search, view = model("analytics.UserSearch"), model("analytics.UserProductView")
    mail, review = model("communication.Email"), model("reviews.ProductReview")
    wish, alert = model("wishlists.WishList"), model("customer.ProductAlert")
    for user in rng.sample(users, 600):
        book, days = rng.choice(books), rng.randrange(0, 900)
        rows = [
            search.objects.create(user=user, query="krimi"),
            view.objects.create(user=user, product=book),
            review.objects.create(
                user=user, product=book, score=4, title="God", body="Læs den", name="",
                email="", status=1,
            ),
            wish.objects.create(owner=user, name="Jul", key=f"{user.pk:06d}"),
            alert.objects.create(user=user, product=book, status="Closed"),
        ]  # fmt: skip
        for row in rows:
            type(row).objects.filter(pk=row.pk).update(date_created=before(days))
        sent = mail.objects.create(
            user=user, email=user.email, subject="Din ordre", body_text="Hej", body_html="<p>Hej"
        )
        mail.objects.filter(pk=sent.pk).update(date_sent=before(days))
    for user in rng.sample(users, 300):
        open_ = model("basket.Basket").objects.create(owner=user)
        model("basket.Basket").objects.filter(pk=open_.pk).update(
            date_created=before(rng.randrange(0, 200))
        )


with transaction.atomic():
    DENMARK = model("address.Country").objects.create(
        iso_3166_1_a2="DK", iso_3166_1_a3="DNK", iso_3166_1_numeric="208",
        printable_name="Danmark", name="DANMARK", is_shipping_country=True,
    )  # fmt: skip
    CARD = model("payment.SourceType").objects.create(name="Kort", code="card")
    BOOKS = catalogue()
    EVERYBODY = customers()
    USERS, STAFF = EVERYBODY[:CUSTOMERS], EVERYBODY[CUSTOMERS:]
    saved_addresses(USERS)
    orders(USERS, BOOKS)
    traces(USERS, BOOKS)
print(f"{User.objects.count()} users, {model('order.Order').objects.count()} orders")  # noqa: T201
