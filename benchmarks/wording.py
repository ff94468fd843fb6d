"""Titles, abstracts and names of papers that nobody wrote, with a vocabulary that grows as real text's does.

Word ranks follow Zipf's law over more words than a library can hold, so that the number of different words grows with
the number of papers as Heaps' law says (about 100,000 words at 100,000 papers). The
frequent words are those of real papers where a folder of them is given, else a small list of ours; the rare ones
are made up of syllables, as names of methods are.
"""

import json
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import accumulate
from pathlib import Path
from random import Random
from typing import Final


def _words(text: str) -> list[str]:
    return text.split()


FUNCTION_WORDS: Final = _words(
    "the of and a to in we for that is with on this as are by our from an can which be it models model these "
    "while language data however or their not using have large both between more at tasks such performance "
    "training learning based has show into approach than each methods results through but existing new also "
    "its method across been without they over two when only where how all one first most other many some"
)
"""Frequent in abstracts, most frequent first; what stands in for real papers' words where there are none."""

FIELD_WORDS: Final = _words(
    "learning models language generation reasoning video diffusion image multimodal llm efficient visual training "
    "vision text scaling benchmark understanding reinforcement towards time data neural attention transformer agents "
    "optimization alignment deep network networks retrieval representation speech robust graph policy memory "
    "segmentation detection control planning adaptive dynamic knowledge safety search tokens inference compression "
    "cache quantization pretraining evaluation editing synthesis world human feedback preference reward open code"
)
"""Frequent in titles, most frequent first."""

TITLE_JOINTS = ("for", "with", "of", "in", "via", "and", "from", "to", "on", "a", "the")

SYLLABLES: Final = _words(
    "ab ac ad al am an ar as ba be bi bo bra ca ce chi co cra da de di do dra el em en er es fa fe fi flo ga ge gi "
    "gra ha he hy il im in is ka ke ki kla la le li lo lu ma me mi mo na ne ni no nor ob on op or pa pe phi pla po pra "
    "qua ra re ri ro ru sa se si so spa sta ta te ther ti to tra tri ul um un ur va ve vi vo wa we xi ya ze zo"
)

VOCABULARY = 260_000
"""Different words there are to draw from; a library never holds all of them."""

KNEE = 1500
"""The rank from which Zipf's law is steeper (1 before, 2 after): as counted in large collections of real text, and
here what makes 100,000 papers hold about 100,000 different words."""


class Wording:
    """Draws the text of papers. `corpus` is a folder with `hf_api/*.json`, whose words are then the frequent ones."""

    def __init__(self, random: Random, corpus: Path | None) -> None:
        self._random = random
        titles, abstracts = _real_words(corpus) if corpus else (Counter[str](), Counter[str]())
        common = [word for word, _ in abstracts.most_common()] or [*FUNCTION_WORDS, *FIELD_WORDS]
        topics = [word for word, _ in titles.most_common() if word not in TITLE_JOINTS] or list(FIELD_WORDS)
        made_up = list(_made_up(random, VOCABULARY, set(common) | set(topics)))
        self._abstract_words = [*common, *made_up]
        self._topics = [*topics, *made_up[::-1]]
        self._abstract_weights = _zipf(len(self._abstract_words))
        self._topic_weights = _zipf(len(self._topics), flat=20)
        self._first_names = [word.title() for word in made_up[:2000]]
        self._last_names = [word.title() for word in made_up[2000:30_000]]
        self._organizations = [f"{word.title()} {kind}" for word in made_up[:300] for kind in ("Lab", "University")]

    def title(self) -> str:
        """Four to fourteen words; half of the titles start with a name, as in `WindowKV: Task-Adaptive …`."""
        random = self._random
        size = min(14, max(4, round(random.gauss(8.5, 2.6))))
        words = random.choices(self._topics, cum_weights=self._topic_weights, k=size)
        for place in range(2, size - 1, random.choice((3, 4))):
            words[place] = random.choice(TITLE_JOINTS)
        words = [word if word in TITLE_JOINTS else word[0].upper() + word[1:] for word in words]
        if random.random() < 0.15:
            words[-2:] = [f"{words[-2]}-{words[-1]}"]
        if random.random() < 0.4:
            words[0] = f"{self._name()}:"
        return " ".join(words)

    def abstract(self, title: str) -> str:
        """120 to 180 words in sentences; most of the title's words come back in it."""
        random = self._random
        size = random.randint(120, 180)
        words = random.choices(self._abstract_words, cum_weights=self._abstract_weights, k=size)
        for word in title.replace(":", "").split():
            if random.random() < 0.7:
                words[random.randrange(size)] = word
        at = 0
        while at < size:
            words[at] = words[at][0].upper() + words[at][1:]
            at += random.randint(12, 28)
            if at < size:
                words[at - 1] += "."
        return " ".join(words) + "."

    def people(self, number: int) -> list[str]:
        """That many names."""
        random = self._random
        return [f"{random.choice(self._first_names)} {random.choice(self._last_names)}" for _ in range(number)]

    def organization(self) -> str:
        """The name of an organization."""
        return self._random.choice(self._organizations)

    def note(self) -> str:
        """A sentence of a person."""
        words = self._random.choices(self._abstract_words, cum_weights=self._abstract_weights, k=12)
        return f"Compare with {' '.join(words)}."

    def _name(self) -> str:
        """A method's name, such as `WindowKV` or `Corala2`: often of words that others use, joined."""
        random = self._random
        kind = random.random()
        first = random.choice(self._topics[:3000]).capitalize()
        if kind < 0.3:
            return first + random.choice(("KV", "LM", "Net", "GPT", "Bench", "3D", "RL", "VLA", "Former", "2"))
        if kind < 0.5:
            return first + random.choice(self._topics[:3000]).capitalize()
        name = random.choice(self._topics).capitalize()
        return name if kind < 0.9 else f"{name}-{random.choice(('R1', '2.5', '3', 'VL', 'Zero'))}"


def real_titles(corpus: Path) -> Iterator[tuple[str, str]]:
    """The title and abstract of each real paper in a corpus folder; malformed days are passed over."""
    for file in sorted((corpus / "hf_api").glob("*.json")):
        day = json.loads(file.read_text(encoding="utf-8"))
        for listed in day if isinstance(day, list) else day.get("data", []):
            if isinstance(listed, dict):
                yield " ".join(listed["paper"]["title"].split()), " ".join(listed["paper"]["summary"].split())


def _real_words(corpus: Path) -> tuple[Counter[str], Counter[str]]:
    titles: Counter[str] = Counter()
    abstracts: Counter[str] = Counter()
    for title, abstract in real_titles(corpus):
        titles.update(re.findall(r"[^\W_]+", title.lower()))
        abstracts.update(re.findall(r"[^\W_]+", abstract.lower()))
    return titles, abstracts


def _made_up(random: Random, number: int, known: set[str]) -> Iterator[str]:
    """Different words of two to five syllables that are none of the known ones."""
    seen = set(known)
    while number:
        word = "".join(random.choices(SYLLABLES, k=random.choices((2, 3, 4, 5), (3, 5, 3, 1))[0]))
        if word not in seen:
            seen.add(word)
            number -= 1
            yield word


def _zipf(size: int, flat: float = 2.7) -> Sequence[float]:
    """Cumulative weights of `size` ranks, as Zipf and Mandelbrot have them."""
    return list(accumulate(min(1, KNEE / rank) / (rank + flat) for rank in range(1, size + 1)))
