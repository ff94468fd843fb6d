"""What the person of the sample library did with the papers, in the order in which it was done."""

from typing import NamedTuple

from store.entries import SavedSearch


class Step(NamedTuple):
    """One sitting's decision on some papers, named by how their titles begin."""

    papers: tuple[str, ...]
    read: bool = False
    star: bool = False
    skip: bool = False
    tags: tuple[str, ...] = ()
    note: str | None = None


STEPS: tuple[Step, ...] = (
    # Tuesday: a search for retrieval, copied as a flat page.
    Step(("kv-quilt", "Paged Memory", "Retrieval That Admits Defeat"), star=True),
    Step(("kv-quilt",), tags=("kv cache", "efficiency")),
    Step(("Retrieval That Admits Defeat", "Does Retrieval Help", "Query Rewriting"), tags=("retrieval",)),
    Step(("Does Retrieval Help", "How Much Context", "Exact Unlearning"), read=True),
    Step(("Streaming k-Means", "Latent Weather", "Bloom Filters", "Explaining Rankings"), skip=True),
    Step(
        ("Does Retrieval Help",),
        note="The gate is the useful part: compare **before** reading, not after.\n\n"
        "- try on our support logs\n- ask how it does with *stale* passages",
    ),
    # Wednesday
    Step(("Letters to the Next Layer", "A Pocket Theory", "Zero-Copy", "Lossless Summaries"), star=True),
    Step(("Letters to the Next Layer", "A Pocket Theory"), tags=("interpretability", "reading group")),
    Step(("Zero-Copy",), read=True, tags=("systems",)),
    Step(
        ("Zero-Copy",),
        note="Copy-on-write does the work; section 4 has the numbers.\n\n"
        "> The operating system did this all along.\n\nShow to Tuesday's infra meeting.",
    ),
    Step(("The Carry-Over Effect", "Merge Sort for Opinions"), read=True, tags=("evaluation",)),
    Step(("Causal Discovery in Sourdough",), star=True, tags=("causality",)),
    Step(("Causal Discovery in Sourdough",), note="A lovely teaching example. Fourteen loaves!"),
    Step(("Twelve Ways to Say No", "Quiet Hours"), read=True, tags=("people",)),
    Step(
        (
            "Rainfall Nowcasting",
            "Speculative Rendering",
            "Sound Field Inpainting",
            "Optimal Transport for Moving",
            "Ants Solve",
            "Robust Speech Recognition",
            "Microscopes on a Bus",
            "Small Print",
        ),
        skip=True,
    ),
    Step(("Sparse Reward", "Tracking Any Spoon"), read=True, tags=("robotics",)),
    # Thursday
    Step(("Attention with a Shopping List", "Graceful Degradation", "SIMD for Sentences"), star=True),
    Step(("Attention with a Shopping List",), tags=("retrieval", "reading group")),
    Step(
        ("Attention with a Shopping List",),
        note="Lists instead of similarity: what would I have to *know*?\n\n"
        "Next to **Retrieval That Admits Defeat** for the reading group.",
    ),
    Step(("Graceful Degradation", "SIMD for Sentences"), tags=("efficiency",)),
    Step(("A Cookbook of Failed Recipes",), read=True, star=True, tags=("training", "reading group")),
    Step(
        ("A Cookbook of Failed Recipes",),
        note="Everybody should write one of these.\n\n1. warm-up changes: no effect, as we saw\n"
        "2. row 17 is *our* bug, too",
    ),
    Step(("Mixture of Experts", "Can You Hear the Shape"), read=True, tags=("training",)),
    Step(("Typographic Attacks", "Peer Review as a Noisy Sensor"), read=True, tags=("evaluation",)),
    Step(("An Octopus Prior",), star=True, tags=("robotics",)),
    Step(
        (
            "Stereo Vision from a Single Puddle",
            "Birdsong Diarization",
            "Hyperbolic Embeddings",
            "Wayfinding with Grandmothers",
            "Diffusion Models Dream",
            "Certified Forgetting",
        ),
        skip=True,
    ),
    # Friday morning, just begun.
    Step(("Sleeping on It",), star=True, tags=("agents", "reading group")),
    Step(
        ("Sleeping on It",),
        note="Rest as *offline distillation*: recipes, not weights.\n\n"
        "- 52 → 71 % with frozen weights\n- **what is forgotten?** Section 5 is silent on it",
    ),
    Step(("Paged Memory",), tags=("agents",)),
    Step(("WindowSill",), star=True, tags=("kv cache", "efficiency")),
    Step(("Every Pixel Counts Twice", "Swarm Cartography"), skip=True),
    Step(("Benchmarks Age Like Milk",), read=True, tags=("evaluation",)),
)

SEARCHES: tuple[SavedSearch, ...] = (
    SavedSearch("Reading group", 'tag:"reading group" -is:read', fuzzy=False),
    SavedSearch("Memory and caches", "memory OR cache", fuzzy=False),
)
