"""What a person wrote, with places: YAML read strictly, and told all at once where it is wrong.

    document = read_document(text, "policy.yaml")       # raises where nothing can be read
    root = document.root.fields("organisation", "activities")
    for id, node in root.required("activities").entries():
        fields = node.fields("title", "for", "marketing")
        title = fields.required("title").texts(languages)
        period = fields.required("for", "3 years").read(Period.parse, "Y02")
        marketing = fields.optional("marketing").boolean()
    warnings = document.findings.refuse_errors()        # raises WrittenWrong with everything

A parser never asks whether reading went well: what is wrong was recorded with its place, and a
default came back. Only at the end does `refuse_errors` raise.
"""

from ombud.document.findings import CODES, Findings, did_you_mean, listed, nearest, quoted
from ombud.document.node import Fields, Node
from ombud.document.reading import Document, read_document
from ombud.document.values import LANGUAGES

__all__ = [
    "CODES",
    "LANGUAGES",
    "Document",
    "Fields",
    "Findings",
    "Node",
    "did_you_mean",
    "listed",
    "nearest",
    "quoted",
    "read_document",
]
