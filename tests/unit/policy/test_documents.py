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
            'file: "a\\u202etxt.md"',
            "20:47: error[Y54]: not a file of the workspace: `a\u202etxt.md`\n"
            "  help: write where it lies below the workspace,"
            " for example `documents/pictures.pdf`",
            id="turns-the-line",
        ),
        pytest.param(
            'web: "https://berit:secret@www.example.org/"',
            "20:46: error[Y55]: an address on the web with a name or a password in it\n"
            "  help: leave out what stands before the `@`; everybody can read the notice",
            id="with-a-password",
        ),
        pytest.param(
            'web: "https:///rules"',
            "20:46: error[Y55]: not an address on the web: `https:///rules`\n"
            "  help: write all of it, for example `https://www.example.org/pictures/`",
            id="without-a-host",
        ),
        pytest.param(
            'web: "https://[::1/rules"',
            "20:46: error[Y55]: not an address on the web: `https://[::1/rules`\n"
            "  help: write all of it, for example `https://www.example.org/pictures/`",
            id="half-an-address",
        ),
        pytest.param(
            'web: "https://example.org:99999/"',
            "20:46: error[Y55]: not an address on the web: `https://example.org:99999/`\n"
            "  help: write all of it, for example `https://www.example.org/pictures/`",
            id="no-such-port",
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


def test_no_document_takes_the_name_of_the_notice() -> None:
    written = "documents:\n  Notice: {title: For staff, file: staff.txt}\n"
    assert shown(SMALL + written) == (
        "policy.yaml:20:3: error[Y42]: `Notice` is the name of the notice itself\n"
        "  help: call it otherwise, for example `staff_notice`"
    )
    assert read(SMALL + written.replace("file: staff.txt", "web: 'https://example.org/'"))


@pytest.mark.parametrize(
    "address",
    [
        "https://{lang}.example.org",
        "https://example.org:8443/a?b=@c#d",
        "http://[::1]/",
        "http://æ.example/@a",
    ],
)
def test_an_address_on_the_web_is_any_that_can_be_asked(address: str) -> None:
    written = DOCUMENT % f'web: "{address}"'
    assert read(SMALL + written).documents["pictures"].web == address


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
