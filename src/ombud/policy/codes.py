"""Which findings does Ombud make on what only a policy can have wrong?"""

from __future__ import annotations

from typing import Final

CODES: Final = {
    "Y30": "a citation is not in the one spelling",
    "Y31": "a retention rule does not say what starts its period",
    "Y32": "a retention rule does not say how long",
    "Y33": "data of special categories without a condition of Art. 9(2)",
    "Y34": "data on criminal convictions without the law that allows it",
    "Y35": "national identification numbers without the law that allows them",
    "Y36": "a rule waits for a consent where the activity rests on none",
    "Y37": "a fact of law cannot stand here: it is no duty, no limit, or has no period",
    "Y38": "a fact of law is not known, or was not in force on that day",
    "Y39": "a fact of law is another country's",
    "Y40": "a clock is declared and nothing uses it",
    "Y41": "two promises have the same id",
    "Y42": "a name is taken already by something else",
    "Y43": "a built-in category is made less protected than the law makes it",
    "Y44": "an e-mail address is not one",
    "Y45": "a time zone is not known",
    "Y46": "a country is not written as its two letters",
    "Y47": "an activity with `law:` names a basis of its own",
    "Y48": "a name does not say both system and part",
    "Y50": "the sentence of a promise plainly says another period than the rule that proves it",
    "Y51": "an automated decision uses special categories on a condition that does not allow it",
    "Y52": "an automated decision by a contract or consent on which its activity does not rest",
    "Y53": "an automated decision in an activity that is done for another controller",
    "Y54": "a document is no file of the workspace that can be given out",
    "Y55": "an address on the web is not one",
}
"""Every code of this package's parser, with one line on what it means; a number is never reused."""
