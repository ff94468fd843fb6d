"""The library's tables, as migrations: applied in order, each once, never edited once shipped.

A new version of the schema is a new function at the end; the file's `user_version` is their number
(`store.database.opening.SCHEMA_VERSION`).
"""

from sqlite_utils import Database
from sqlite_utils.migrations import Migrations

migrations = Migrations("paperdeck")


@migrations()
def m001_library(db: Database) -> None:
    """Papers and what listed them, the person's state, the journal, and the indexes that searches need."""
    for statement in _LIBRARY:
        db.execute(statement)


@migrations()
def m002_duplicates(db: Database) -> None:
    """What the person says of near duplicates: two papers, or one. An arXiv id may be an alias, too."""
    for statement in _DUPLICATES:
        db.execute(statement)


# What the indexes of the text are told of a paper.
SIZE = "'n' || min(length({row}.title) - length(replace({row}.title, ' ', '')) + 1, 20)"
_INDEX = """
    INSERT INTO papers_fts (rowid, title, abstract, authors, organization)
    VALUES (new.id, new.title, new.abstract, new.authors, new.organization);
    INSERT INTO titles_fts (rowid, title, size) VALUES (new.id, new.title, {size});
    INSERT INTO unlearned (paper) VALUES (new.id);
""".format(size=SIZE.format(row="new"))
_UNINDEX = """
    INSERT INTO papers_fts (papers_fts, rowid, title, abstract, authors, organization)
    VALUES ('delete', old.id, old.title, old.abstract, old.authors, old.organization);
    INSERT INTO titles_fts (titles_fts, rowid, title, size) VALUES ('delete', old.id, old.title, {size});
""".format(size=SIZE.format(row="old"))
_MARKS = """
    DELETE FROM marks_fts WHERE rowid = {paper};
    INSERT INTO marks_fts (rowid, note, tags, title)
    SELECT id, note, tags, title FROM (
        SELECT p.id, p.title, (SELECT s.note FROM states s WHERE s.paper = p.id) AS note,
               (SELECT group_concat(t.tag, ', ') FROM tags t WHERE t.paper = p.id) AS tags
        FROM papers p WHERE p.id = {paper}
    ) WHERE note IS NOT NULL OR tags IS NOT NULL;
"""
_NOTE_WORDS = "INSERT INTO unlearned (mark) SELECT new.note WHERE new.note IS NOT NULL;"
_TAG_WORDS = """
    INSERT INTO unlearned (mark)
    SELECT new.tag WHERE NOT EXISTS (SELECT 1 FROM tags WHERE tag = new.tag AND paper != new.paper);
"""

# One statement each: `executescript` would commit the transaction that the migration runs in.
_LIBRARY = (
    # The world. `day`, `digest` and `position` are those of the paper's newest listing: the order of the list,
    # kept here so that it is an index and not a sort of all listings.
    """
    CREATE TABLE papers (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        title TEXT NOT NULL,
        title_key TEXT NOT NULL,
        abstract TEXT,
        published TEXT,
        n_authors INTEGER,
        authors TEXT,
        organization TEXT,
        arxiv_id TEXT,
        upvotes INTEGER,
        comments INTEGER,
        code_url TEXT,
        project_url TEXT,
        added_at TEXT NOT NULL,
        day TEXT,
        digest INTEGER,
        position INTEGER,
        origin TEXT NOT NULL,
        origins TEXT
    )
    """,
    "CREATE UNIQUE INDEX papers_arxiv_id ON papers (arxiv_id) WHERE arxiv_id IS NOT NULL",
    "CREATE INDEX papers_title_key ON papers (title_key)",
    "CREATE INDEX papers_day ON papers (day DESC, digest, position, id)",
    "CREATE INDEX papers_published ON papers (published)",
    "CREATE INDEX papers_added_at ON papers (added_at)",
    # Titles by which a paper was listed before, so that a page without ids still finds it.
    """
    CREATE TABLE aliases (
        title_key TEXT NOT NULL,
        paper INTEGER NOT NULL REFERENCES papers (id) ON DELETE CASCADE,
        PRIMARY KEY (title_key, paper)
    ) WITHOUT ROWID
    """,
    "CREATE INDEX aliases_paper ON aliases (paper)",
    """
    CREATE TABLE digests (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        format TEXT NOT NULL,
        name TEXT NOT NULL,
        sha256 TEXT NOT NULL UNIQUE,
        day TEXT,
        day_inferred INTEGER NOT NULL,
        imported_at TEXT NOT NULL,
        listed INTEGER NOT NULL,
        new INTEGER NOT NULL,
        updated INTEGER NOT NULL,
        unchanged INTEGER NOT NULL,
        unparsed TEXT NOT NULL
    )
    """,
    "CREATE INDEX digests_day ON digests (day)",
    """
    CREATE TABLE listings (
        digest INTEGER NOT NULL REFERENCES digests (id) ON DELETE CASCADE,
        paper INTEGER NOT NULL REFERENCES papers (id) ON DELETE CASCADE,
        position INTEGER NOT NULL,
        comments INTEGER,
        upvotes INTEGER,
        PRIMARY KEY (digest, paper)
    ) WITHOUT ROWID
    """,
    "CREATE INDEX listings_paper ON listings (paper)",
    # The person.
    """
    CREATE TABLE states (
        paper INTEGER PRIMARY KEY REFERENCES papers (id),
        read_at TEXT,
        starred_at TEXT,
        skipped_at TEXT,
        note TEXT,
        note_at TEXT,
        CHECK (starred_at IS NULL OR skipped_at IS NULL)
    )
    """,
    "CREATE INDEX states_read ON states (paper) WHERE read_at IS NOT NULL",
    "CREATE INDEX states_starred ON states (paper) WHERE starred_at IS NOT NULL",
    "CREATE INDEX states_skipped ON states (paper) WHERE skipped_at IS NOT NULL",
    "CREATE INDEX states_noted ON states (paper) WHERE note IS NOT NULL",
    """
    CREATE TABLE tags (
        paper INTEGER NOT NULL REFERENCES papers (id),
        tag TEXT NOT NULL,
        PRIMARY KEY (paper, tag)
    ) WITHOUT ROWID
    """,
    "CREATE INDEX tags_tag ON tags (tag, paper)",
    """
    CREATE TABLE searches (
        name TEXT PRIMARY KEY,
        query TEXT NOT NULL,
        fuzzy INTEGER NOT NULL,
        saved_at TEXT NOT NULL
    )
    """,
    """
    CREATE TABLE journal (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        at TEXT NOT NULL,
        action TEXT NOT NULL,
        summary TEXT NOT NULL,
        papers INTEGER NOT NULL,
        state TEXT NOT NULL CHECK (state IN ('done', 'undone', 'dropped', 'kept'))
    )
    """,
    "CREATE INDEX journal_state ON journal (state, id)",
    # `field` is a column of `states`, or `tag:` and the tag, whose values are then NULL and 1.
    """
    CREATE TABLE changes (
        entry INTEGER NOT NULL REFERENCES journal (id),
        paper INTEGER NOT NULL,
        field TEXT NOT NULL,
        before,
        after,
        PRIMARY KEY (entry, paper, field)
    ) WITHOUT ROWID
    """,
    "CREATE INDEX changes_paper ON changes (paper)",
    # Searching. `content="papers"` in just this spelling is how sqlite-utils recognises the index. No prefix indexes on
    # abstracts: they more than double the time of an import and the size of the file.
    """
    CREATE VIRTUAL TABLE papers_fts USING fts5 (
        title, abstract, authors, organization,
        content="papers", content_rowid = 'id', tokenize = "unicode61 remove_diacritics 2"
    )
    """,
    # Titles once more, by themselves: a tenth of the postings, so that any search of them takes a few milliseconds.
    # `size` holds one word, `n7` for a title of seven words: short titles with a frequent word come first.
    """
    CREATE VIRTUAL TABLE titles_fts USING fts5 (
        title, size,
        content = '', columnsize = 0, tokenize = "unicode61 remove_diacritics 2", prefix = '1 2 3'
    )
    """,
    *(
        f"""
        CREATE TRIGGER papers_fts_{event.split()[0].lower()} AFTER {event} ON papers BEGIN
            {" ".join(_UNINDEX if row == "old" else _INDEX for row in rows)}
        END
        """
        for event, rows in (
            ("INSERT", ("new",)),
            ("DELETE", ("old",)),
            ("UPDATE OF title, abstract, authors, organization", ("old", "new")),
        )
    ),
    "CREATE VIRTUAL TABLE titles_words USING fts5vocab (titles_fts, 'row')",
    # What a person wrote on a paper, with its title, so that some words may be of the one and some of the other.
    """
    CREATE VIRTUAL TABLE marks_fts USING fts5 (
        note, tags, title, tokenize = "unicode61 remove_diacritics 2"
    )
    """,
    # Marking ten thousand papers read must not touch the index of notes: only rows with a note do.
    *(
        f"""
        CREATE TRIGGER marks_fts_{table}_{event.split()[0].lower()} AFTER {event} ON {table} {when} BEGIN
            {_MARKS.format(paper=paper)}
            {words}
        END
        """
        for table, event, when, paper, words in (
            ("states", "INSERT", "WHEN new.note IS NOT NULL", "new.paper", _NOTE_WORDS),
            ("states", "UPDATE OF note", "", "new.paper", _NOTE_WORDS),
            ("states", "DELETE", "WHEN old.note IS NOT NULL", "old.paper", ""),
            ("tags", "INSERT", "", "new.paper", _TAG_WORDS),
            ("tags", "DELETE", "", "old.paper", ""),
            ("papers", "UPDATE OF title", "WHEN old.title != new.title", "new.id", ""),
        )
    ),
    # The vocabulary of all of these. FTS5 would take a second to tell it, so it is kept: words are only ever added, and
    # who holds a copy reads what is new. `unlearned` is what still has to be taken apart into words: the text of a
    # paper, or a tag or a note (`store.database.words`).
    "CREATE TABLE words (id INTEGER PRIMARY KEY, word TEXT NOT NULL UNIQUE)",
    "CREATE TABLE unlearned (id INTEGER PRIMARY KEY AUTOINCREMENT, paper INTEGER, mark TEXT)",
    # What has changed, for those who hold a copy of it in memory.
    "CREATE TABLE generations (name TEXT PRIMARY KEY, value INTEGER NOT NULL) WITHOUT ROWID",
    "INSERT INTO generations (name, value) VALUES ('text', 0), ('state', 0), ('tags', 0), ('searches', 0)",
    *(
        f"""
        CREATE TRIGGER generation_{table}_{event.lower()} AFTER {event} ON {table} BEGIN
            UPDATE generations SET value = value + 1 WHERE name = '{name}';
        END
        """
        for name, table in (
            ("text", "papers"),
            ("text", "digests"),
            ("text", "listings"),
            ("state", "states"),
            ("tags", "tags"),
            ("searches", "searches"),
        )
        for event in ("INSERT", "UPDATE", "DELETE")
    ),
)

_DUPLICATES = (
    # Each pair both ways round.
    """
    CREATE TABLE apart (
        paper INTEGER NOT NULL REFERENCES papers (id) ON DELETE CASCADE,
        other INTEGER NOT NULL REFERENCES papers (id) ON DELETE CASCADE,
        PRIMARY KEY (paper, other)
    ) WITHOUT ROWID
    """,
    "CREATE INDEX apart_other ON apart (other)",
    # `was` is what undo needs, as JSON: both rows before and the one after, with what belongs to them
    # (`store.database.unify`); NULL while the merge is undone.
    """
    CREATE TABLE merges (
        entry INTEGER PRIMARY KEY REFERENCES journal (id),
        stays INTEGER NOT NULL,
        goes INTEGER NOT NULL,
        was TEXT
    )
    """,
)
