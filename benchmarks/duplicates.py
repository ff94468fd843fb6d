"""Near duplicates: how many of the papers that changed between two versions are offered, and how many offers are wrong.

    python -m benchmarks.duplicates 100000

Real papers (made-up ones where there is no corpus), of some of which a second version comes in under a changed title;
none has an arXiv id, which makes it as hard as it gets. Then the time for all pairs of libraries of the sizes given.
"""

import sqlite3
import sys
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from hashlib import sha256
from pathlib import Path
from random import Random
from shutil import copyfile
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import NamedTuple

from benchmarks.libraries import corpus, library
from benchmarks.wording import Wording, real_titles
from store import Digest, Library, Listing
from store.text import title_key

SEED = 11
SECOND_VERSIONS = 100
"""Papers of each kind of change."""
MADE_UP = 4000
REWORDED = {"for": "in", "via": "through", "with": "using", "towards": "on", "efficient": "fast", "large": "big"}


class Text(NamedTuple):
    """What a version of a paper says."""

    title: str
    abstract: str | None


class Quality(NamedTuple):
    """How one kind of change fares."""

    change: str
    papers: int
    joined: float
    """Share that became one paper by its exact key at once."""
    offered: float
    """Share that is offered."""


class Result(NamedTuple):
    """What one run over real papers found."""

    papers: int
    changes: list[Quality]
    wrong: list[tuple[str, str]]
    """The titles of pairs offered that are no second version that we made."""


class Pass(NamedTuple):
    """How long looking for all pairs takes."""

    papers: int
    with_ids: float
    without_ids: float
    """Seconds."""


def _word(random: Random, title: str, change: Callable[[str], str], least: int = 6) -> str:
    """The title with one of its longer words changed."""
    words = title.split()
    long = [at for at, word in enumerate(words) if word.isalpha() and len(word) >= least]
    at = random.choice(long or [len(words) - 1])
    words[at] = change(words[at])
    return " ".join(words)


def _typo(random: Random, text: Text) -> Text:
    def swapped(word: str) -> str:
        at = len(word) // 2
        return word[: at - 1] + word[at] + word[at - 1] + word[at + 1 :]

    return Text(_word(random, text.title, swapped), text.abstract)


def _latex(random: Random, text: Text) -> Text:
    dressed = random.choice((r"\textbf{{{}}}", r"\emph{{{}}}", "${}$", r"\textsc{{{}}}"))
    abstract = (text.abstract or "").replace("%", r"\%").replace("three", "$3$").replace("state-of-the-art", "SOTA")
    return Text(_word(random, text.title, dressed.format), abstract)


def _without_subtitle(_: Random, text: Text) -> Text:
    return Text(text.title.partition(": ")[0], text.abstract)


def _reworded(random: Random, text: Text) -> Text:
    words = text.title.split()
    changed = [REWORDED.get(word.lower(), word) for word in words]
    if changed == words:
        changed.insert(random.randrange(len(words) + 1), "Improved")
    return Text(" ".join(changed), _revised(random, text.abstract))


def _retitled(random: Random, text: Text) -> Text:
    rest = text.title.rpartition(": ")[2].split()
    random.shuffle(rest)
    return Text(f"Zenora: {' '.join(rest[: max(2, len(rest) // 2)])}", _revised(random, text.abstract))


def _revised(random: Random, abstract: str | None) -> str:
    """An abstract as its second version has it: a sentence gone, and here and there a word."""
    sentences = (abstract or "").split(". ")
    if len(sentences) > 3:
        del sentences[random.randrange(1, len(sentences) - 1)]
    words = ". ".join(sentences).split()
    return " ".join(word for word in words if random.random() > 0.04)


def _spelling(random: Random, text: Text) -> Text:
    title = text.title
    if "-" in title:
        return Text(title.replace("-", "", 1), text.abstract)
    return Text(_word(random, title, lambda word: word.removesuffix("s") if word.endswith("s") else f"{word}s"), None)


CHANGES: dict[str, Callable[[Random, Text], Text]] = {
    "casing and punctuation": lambda _, text: Text(text.title.upper().replace(":", " -"), text.abstract),
    "LaTeX against plain": _latex,
    "a typo put right": _typo,
    "the same, no abstract": lambda random, text: Text(_typo(random, text).title, None),
    "a hyphen, a plural": _spelling,
    "the subtitle dropped": _without_subtitle,
    "some words of the title, abstract revised": _reworded,
    "another title, abstract revised": _retitled,
}


def papers() -> list[Text]:
    """Real papers, each title once; made-up ones where there is no corpus."""
    folder = corpus()
    if folder is not None:
        texts = {title_key(title): Text(title, abstract) for title, abstract in real_titles(folder)}
        return list(texts.values())
    wording = Wording(Random(SEED), None)
    return [Text(title, wording.abstract(title)) for title in (wording.title() for _ in range(MADE_UP))]


def quality(second_versions: int = SECOND_VERSIONS) -> Result:
    """Import all papers, then second versions of some of them, and look at what is offered."""
    random = Random(SEED)
    texts = papers()
    truth: dict[frozenset[int], str] = {}
    changes = []
    with TemporaryDirectory() as folder, Library(Path(folder) / "library.db") as opened:
        first = dict(zip(texts, _take_in(opened, texts), strict=True))
        joined = {}
        for name, change in CHANGES.items():
            chosen = random.sample([text for text in texts if ": " in text.title], second_versions)
            seconds = _take_in(opened, [change(random, text) for text in chosen])
            pairs = [frozenset((first[text], second)) for text, second in zip(chosen, seconds, strict=True)]
            joined[name] = sum(len(pair) == 1 for pair in pairs)
            truth |= {pair: name for pair in pairs if len(pair) == 2}
        offered = [frozenset((pair.one.id, pair.other.id)) for pair in opened.duplicates()]
        for name in CHANGES:
            made = sum(kind == name for kind in truth.values())
            found = sum(truth.get(pair) == name for pair in offered)
            changes.append(Quality(name, second_versions, joined[name] / second_versions, found / made if made else 0))
        versions = {paper: min(pair) for pair in truth for paper in pair}
        wrong = [pair for pair in offered if len({versions.get(paper, paper) for paper in pair}) == 2]
        titles = [tuple(entry.title for entry in opened.entries(sorted(pair))) for pair in wrong]
    return Result(len(texts), changes, [(one, other) for one, other in titles])


def _take_in(opened: Library, texts: Sequence[Text]) -> list[int]:
    """Import a page of these papers; the ids in the same order."""
    listings = tuple(Listing(title=text.title, abstract=text.abstract) for text in texts)
    report = opened.import_digest(
        Digest(format="cards", name="page", sha256=sha256(repr(texts).encode()).hexdigest(), day=date(2025, 11, 28),
               day_inferred=False, listings=listings)
    )  # fmt: skip
    places = opened.digest(report.digest or 0).papers
    return list(places)


def passes(size: int) -> Pass:
    """Look for all pairs in a library of that many papers, with their arXiv ids and without."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "library.db"
        copyfile(library(size), path)
        seconds = []
        for _ in range(2):
            with Library(path) as opened:
                start = perf_counter()
                opened.duplicates()
                seconds.append(perf_counter() - start)
            connection = sqlite3.connect(path)
            connection.execute("UPDATE papers SET arxiv_id = NULL")
            connection.commit()
            connection.close()
    return Pass(size, *seconds)


def table(result: Result) -> str:
    """The result as Markdown."""
    lines = ["| change | papers | joined at once | of the others offered |", "|---|---|---|---|"]
    lines += [f"| {q.change} | {q.papers} | {q.joined:.0%} | {q.offered:.0%} |" for q in result.changes]
    rate = 1000 * len(result.wrong) / result.papers
    lines += ["", f"Other pairs offered: {len(result.wrong)} among {result.papers:,} papers ({rate:.1f} in 1,000)."]
    return "\n".join(lines)


def _lines(result: Result) -> Iterator[str]:
    yield table(result)
    yield ""
    for pair in result.wrong:
        yield f"- {pair[0]}\n  {pair[1]}"


def main() -> None:
    """Measure the quality, then the time at the sizes given as arguments."""
    print("\n".join(_lines(quality())))
    for size in map(int, sys.argv[1:]):
        row = passes(size)
        print(f"{row.papers:,} papers: {row.with_ids:.1f} s with arXiv ids, {row.without_ids:.1f} s without any")


if __name__ == "__main__":
    main()
