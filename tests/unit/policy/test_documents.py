"""Documents that the notice refers to: each has a place where people can read it.

Method: a small policy names one document; its findings are compared as read, and what is right
becomes the value it says.
"""

from __future__ import annotations

import pytest

from unit.policy.written import FULL, SMALL, read, shown

DOCUMENT = "documents:\n  pictures: {title: Rules for pictures, %s}\n"


@pytest.mark.parametrize(
    ("written", "found"),
    [
        pytest.param(
            "about: guests",
            "20:3: error[Y12]: `pictures` needs `file` or `web`\n"
            "  help: write `file: documents/pictures.pdf`,"
            " or `web: https://www.example.org/pictures/`",
            id="nowhere",
        ),
        pytest.param(
            "file: ../secret.pdf",
            "20:47: error[Y54]: not a file of the workspace: `../secret.pdf`\n"
            "  help: write where it lies below the workspace,"
            " for example `documents/pictures.pdf`",
            id="outside",
        ),
        pytest.param(
            "file: /etc/rules.txt",
            "20:47: error[Y54]: not a file of the workspace: `/etc/rules.txt`\n"
            "  help: write where it lies below the workspace,"
            " for example `documents/pictures.pdf`",
            id="absolute",
        ),
        pytest.param(
            "file: rules.html",
            "20:47: error[Y54]: not a document that can be given out: `rules.html`\n"
            "  help: end it in pdf, txt, md, or name a page on the web with `web:`",
            id="may-hold-script",
        ),
        pytest.param(
            'web: "javascript:alert(1)"',
            "20:46: error[Y55]: not an address on the web: `javascript:alert(1)`\n"
            "  help: write all of it, for example `https://www.example.org/pictures/`",
            id="no-address",
        ),
        pytest.param(
            "file: rules.txt, about: guest",
            "20:65: error[Y26]: unknown group of people `guest`\n  help: did you mean `guests`?",
            id="unknown-group",
        ),
    ],
)
def test_what_is_wrong_in_a_document_is_told(written: str, found: str) -> None:
    assert shown(SMALL + DOCUMENT % written) == f"policy.yaml:{found}"


def test_a_promise_rests_on_a_document_that_there_is() -> None:
    promise = "promises:\n  - {id: P-1, says: Rules, proof: {document: picture}}\n"
    assert shown(SMALL + DOCUMENT % "file: rules.txt" + promise) == (
        "policy.yaml:22:46: error[Y26]: unknown document `picture`\n"
        "  help: did you mean `pictures`?"
    )


def test_a_document_is_told_by_file_and_by_address_in_each_language() -> None:
    documents = read(FULL).documents
    pictures, rules = documents["pictures"], documents["house_rules"]
    assert (pictures.file_in("da"), pictures.web_in("da"), pictures.name) == (
        "documents/pictures.da.pdf",
        "",
        "pictures.pdf",
    )
    assert (rules.file_in("en"), rules.web_in("en"), rules.name) == (
        "",
        "https://www.example.org/en/house-rules/",
        "",
    )
    assert pictures.about == ("participants",)
