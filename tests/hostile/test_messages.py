"""Every message has its form, every rule of intake and core has a message, and all of them are plain English."""

from __future__ import annotations

import re

import pytest

from kcc_etl.domain.findings import Finding
from kcc_etl.schema.rules import RULES, Rule
from tests.hostile import ordinary
from tests.hostile.corpus import CASES
from tests.hostile.message_form import WORDS_OF_THE_PROGRAM, faults_of
from tests.hostile.reading import read

ALL_RULES = sorted(RULES.values(), key=lambda rule: rule.id)
WITHOUT_FINDING = {"IN-003", "IN-004", "NT-002", "NT-003", "RT-017", "SP-048"}
"""What is left out because it is nobody's fault is set aside with its rule, and nobody is told."""
ELSEWHERE = {
    **dict.fromkeys(
        ("IN-040", "IN-041", "IN-042", "IN-043", "IN-044", "IN-045"), "tests/hostile/test_arrivals.py"
    ),
    **dict.fromkeys(("FD-001", "FD-002", "FD-003"), "the tests of the feeds"),
    "IN-023": "tests/hostile/test_limits.py",
    "IN-050": "the broken files, which are read by saved mappings",
    "DC-008": "the tests of who is who",
}
"""Rules whose findings come of more than one file; their messages are held to the form where they arise."""

MOST_WORDS_A_SENTENCE = 35
MEAN_WORDS_A_SENTENCE = 16.0
GRADE = 9.0
"""Flesch-Kincaid grade of the whole catalogue, about the reading age less five; hazards.md §8, row 6: age 12 and
more are allowed, 14 is what GOV.UK takes for plain."""


@pytest.fixture(scope="module")
def findings(tmp_path_factory: pytest.TempPathFactory) -> list[Finding]:
    """The findings of one hostile file for each rule, and of the everyday files."""
    folder = tmp_path_factory.mktemp("messages")
    told: dict[str, object] = {}
    for case in CASES:
        told.update({rule: case for each in case.findings if (rule := each.split()[0]) not in told})
    chosen = list({id(case): case for case in told.values()}.values())
    found = [finding for case in [*chosen, *ordinary.CASES] for finding in read(case, folder).findings]  # type: ignore[list-item]
    return [*found, *ordinary.findings_of_core(folder)]


def test_every_message_names_the_place_what_was_found_what_was_expected_and_what_to_do(
    findings: list[Finding],
) -> None:
    assert len(findings) > 100
    assert {(f.rule_id, fault) for f in findings for fault in faults_of(f)} == set()


def test_every_rule_of_intake_and_core_has_a_message_here(findings: list[Finding]) -> None:
    seen = {finding.rule_id for finding in findings}
    wanted = {rule.id for rule in ALL_RULES if rule.stage in {"intake", "core"}}
    assert wanted - seen - WITHOUT_FINDING - set(ELSEWHERE) == set()
    assert seen & WITHOUT_FINDING == set()


@pytest.mark.parametrize("rule", ALL_RULES, ids=[rule.id for rule in ALL_RULES])
def test_a_rule_is_told_in_plain_sentences(rule: Rule) -> None:
    for text in (rule.text, rule.remedy):
        assert text[0].isupper()
        assert text.endswith(".")
        assert not text.endswith("..")
        assert text.isprintable()
        assert not WORDS_OF_THE_PROGRAM.search(text)
        assert max(len(words) for words in _sentences(text)) <= MOST_WORDS_A_SENTENCE
    assert _begins_with_what_to_do(rule.remedy), rule.remedy


def test_the_catalogue_reads_easily() -> None:
    sentences = [
        words for rule in ALL_RULES for text in (rule.text, rule.remedy) for words in _sentences(text)
    ]
    words = [word for sentence in sentences for word in sentence]
    length = len(words) / len(sentences)
    syllables = sum(map(_syllables, words)) / len(words)
    assert length <= MEAN_WORDS_A_SENTENCE
    assert 0.39 * length + 11.8 * syllables - 15.59 <= GRADE


def _sentences(text: str) -> list[list[str]]:
    """Words of each sentence; a stop inside a number or an address ends none."""
    parts = re.split(r"(?<=[a-z0-9)`])[.;:](?=\s|$)", text)
    return [words for part in parts if (words := re.findall(r"[A-Za-z'’-]+", part))]


def _syllables(word: str) -> int:
    """A plain count: groups of vowels, a silent e at the end left out."""
    plain = re.sub(r"[^a-z]", "", word.lower())
    groups = len(re.findall(r"[aeiouy]+", re.sub(r"(?<=[^l])e$", "", plain)))
    return max(groups, 1)


_NO_VERBS = re.compile(
    r"(The|A|An|This|That|It|There|Its|Their|Rule|File|Value|Error|Invalid|Missing|Wrong|Bad)\b"
)


def _begins_with_what_to_do(remedy: str) -> bool:
    """Whether the remedy speaks to the one who can mend it: it opens with a verb or a condition, not a statement."""
    return not _NO_VERBS.match(remedy) and remedy.split()[0].isalpha()
