#!/bin/sh
# Repeats docs/how-to/a-foreign-schema.md. Needs an empty PostgreSQL database that may be filled:
#   SHOP_URL=postgresql://me:secret@127.0.0.1/shop docs/how-to/foreign-schema/run.sh
set -eu

: "${SHOP_URL:?an empty PostgreSQL database, postgresql://…}"
here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd -P)
ombud=$here/../../../ombud
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT INT TERM
export DJANGO_SETTINGS_MODULE=shop_settings PYTHONPATH="$here" PYTHONDONTWRITEBYTECODE=1 SHOP_URL

echo "== the shop: its own migrations make its tables, its own models fill them"
python3 -m venv "$work/shop"
"$work/shop/bin/pip" install -qq "django-oscar==4.2.1" "Django==5.2.*" "psycopg[binary]==3.*"
python="$work/shop/bin/python -W ignore"
$python -m django migrate --skip-checks -v0
$python "$here/fill.py"
# Each order has addresses of its own, but the shop does not say so to the database.
$python - <<'SQL'
import django
django.setup()
from django.db import connection
with connection.cursor() as run:
    for kind in ("billing", "shipping"):
        run.execute(f"CREATE UNIQUE INDEX order_of_{kind} ON order_order ({kind}_address_id)")
SQL
unset DJANGO_SETTINGS_MODULE PYTHONPATH

export OMBUD_STAFF=Berit
url=postgresql+psycopg:${SHOP_URL#*:}
unset SHOP_URL
say() { echo; echo "\$ ombud $*"; "$ombud" -C "$work/lunde" "$@"; }

mkdir "$work/lunde"
cp "$here/policy.yaml" "$work/lunde/"
echo "\$ ombud init --from …"
"$ombud" -C "$work/lunde" init --from "$url"
say bind | tail -1
wc -l "$work/lunde/systems.yaml"

echo "== the map as it was finished by hand"
cp "$here/systems.yaml" "$work/lunde/"
sed -i.bak 's/^[A-Z_]*_URL=/SHOP_URL=/' "$work/lunde/.env"
say bind
say status || true
say hold place --kind legal_claim --reason "Dispute about an order" --review 2099-01-01 \
    --person email=kunde3@example.org
say plan | tee "$work/plan"
digest=$(sed -n 's/^approve and do it: ombud apply //p' "$work/plan")
say apply "$digest"
say why shop.auth_user 1
say why shop.auth_user 4
say status || true
say verify
