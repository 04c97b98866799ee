"""The record of processing (Art. 30), made from the policy and, where it is there, the map."""

from ombud.pages.record.jsonld import to_jsonld
from ombud.pages.record.make import make_record
from ombud.pages.record.model import PARTS, Record
from ombud.pages.record.page import page_of
from ombud.pages.record.sheet import to_csv, to_xlsx

__all__ = ["PARTS", "Record", "make_record", "page_of", "to_csv", "to_jsonld", "to_xlsx"]
