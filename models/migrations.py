"""The tables of the two databases, as the scripts that make them, oldest first. Only ever append."""

from __future__ import annotations

__all__ = ["CACHE_MIGRATIONS", "WORKSPACE_MIGRATIONS"]

CACHE_MIGRATIONS = (
    # A table with row ids: at several kilobytes a row, WITHOUT ROWID would put the vectors into the search tree itself.
    """
    CREATE TABLE embeddings (
        backbone TEXT NOT NULL,
        content BLOB NOT NULL,
        vector BLOB NOT NULL,
        PRIMARY KEY (backbone, content)
    ) STRICT;
    """,
    # What was fitted last for each head (training.learner): finding it again costs a second for each thousand examples.
    """
    CREATE TABLE fits (
        model TEXT NOT NULL,
        head TEXT NOT NULL,
        examples BLOB NOT NULL,
        facts TEXT NOT NULL,
        weights BLOB NOT NULL,
        PRIMARY KEY (model, head)
    ) STRICT;
    """,
    # What was measured of pictures (training.datasets.quality), by content; ``version`` says which measures.
    """
    CREATE TABLE picture_signals (
        content BLOB NOT NULL PRIMARY KEY,
        version INTEGER NOT NULL,
        numbers BLOB NOT NULL
    ) STRICT;
    """,
    # The last report of each dataset (training.datasets.quality.kept): compressed JSON, and what of it was fixed since.
    """
    CREATE TABLE dataset_reports (
        dataset INTEGER PRIMARY KEY,
        created TEXT NOT NULL,
        time TEXT NOT NULL,
        document BLOB NOT NULL,
        fixed TEXT NOT NULL
    ) STRICT;
    """,
)

WORKSPACE_MIGRATIONS = (
    # Corrections (training.correction_store). A step is what a person undoes at once; to undo is to mark one row,
    # however many corrections hang on it. Ids are never used twice, also not after a step was undone and done with.
    """
    CREATE TABLE correction_steps (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        action TEXT NOT NULL,
        timestamp TEXT NOT NULL,
        undone INTEGER NOT NULL DEFAULT 0 CHECK (undone IN (0, 1))
    ) STRICT;
    CREATE INDEX correction_steps_undone ON correction_steps (undone, id);

    CREATE TABLE corrections (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        step INTEGER NOT NULL REFERENCES correction_steps (id) ON DELETE CASCADE,
        removed_by INTEGER REFERENCES correction_steps (id) ON DELETE SET NULL,
        texture_path ANY NOT NULL, -- text, or bytes where a name is not Unicode
        texture_hash BLOB CHECK (length(texture_hash) = 32),
        original_category TEXT,
        corrected_category TEXT NOT NULL,
        confidence REAL,
        timestamp TEXT NOT NULL,
        image_width INTEGER,
        image_height INTEGER,
        image_channels INTEGER,
        metadata TEXT NOT NULL,
        head TEXT NOT NULL,
        annotator TEXT NOT NULL
    ) STRICT;
    CREATE INDEX corrections_step ON corrections (step);
    CREATE INDEX corrections_removed_by ON corrections (removed_by);
    CREATE INDEX corrections_content ON corrections (texture_hash, head);

    CREATE VIEW active_corrections AS
        SELECT corrections.* FROM corrections
        JOIN correction_steps AS recorded ON recorded.id = corrections.step
        LEFT JOIN correction_steps AS removed ON removed.id = corrections.removed_by
        WHERE recorded.undone = 0 AND (removed.id IS NULL OR removed.undone = 1);

    CREATE VIEW current_corrections AS
        SELECT * FROM active_corrections AS one
        WHERE NOT EXISTS (
            SELECT 1 FROM active_corrections AS later
            WHERE later.texture_hash = one.texture_hash AND later.head = one.head AND later.id > one.id
        );

    CREATE TABLE correction_version (version INTEGER NOT NULL) STRICT;
    INSERT INTO correction_version VALUES (0);
    """,
    # The journal of sortings (desktop.actions.sorting_journal says what each state means). Paths are bytes, as
    # os.fsencode gives them: a name need not be valid text.
    """
    CREATE TABLE sortings (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        token TEXT NOT NULL UNIQUE,
        started TEXT NOT NULL,
        ended TEXT,
        state TEXT NOT NULL CHECK (state IN ('doing', 'done', 'undoing', 'undone')),
        target BLOB NOT NULL,
        mode TEXT NOT NULL CHECK (mode IN ('copy', 'move'))
    ) STRICT;

    CREATE TABLE sorting_steps (
        sorting INTEGER NOT NULL REFERENCES sortings (id) ON DELETE CASCADE,
        n INTEGER NOT NULL,
        source BLOB NOT NULL,
        member BLOB,
        target BLOB NOT NULL,
        moves INTEGER NOT NULL CHECK (moves IN (0, 1)),
        size INTEGER NOT NULL,
        sha256 BLOB NOT NULL CHECK (length(sha256) = 32),
        state TEXT NOT NULL CHECK (
            state IN ('planned', 'renaming', 'copied', 'done', 'stayed', 'returning', 'back', 'left')
        ),
        reason TEXT,
        advice TEXT,
        PRIMARY KEY (sorting, n)
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE sorting_folders (
        sorting INTEGER NOT NULL REFERENCES sortings (id) ON DELETE CASCADE,
        n INTEGER NOT NULL,
        path BLOB NOT NULL,
        PRIMARY KEY (sorting, n)
    ) STRICT, WITHOUT ROWID;
    """,
    # Corrections belong to a model; and what was learned from must outlast the picture and the cache, so embeddings are
    # kept here too, of corrected pictures only, in the form of the cache's (models.embedding).
    """
    ALTER TABLE corrections ADD COLUMN model TEXT NOT NULL DEFAULT 'starter';
    DROP INDEX corrections_content;
    CREATE INDEX corrections_content ON corrections (texture_hash, head, model);

    DROP VIEW current_corrections;
    DROP VIEW active_corrections;
    CREATE VIEW active_corrections AS
        SELECT corrections.* FROM corrections
        JOIN correction_steps AS recorded ON recorded.id = corrections.step
        LEFT JOIN correction_steps AS removed ON removed.id = corrections.removed_by
        WHERE recorded.undone = 0 AND (removed.id IS NULL OR removed.undone = 1);
    CREATE VIEW current_corrections AS
        SELECT * FROM active_corrections AS one
        WHERE NOT EXISTS (
            SELECT 1 FROM active_corrections AS later
            WHERE later.texture_hash = one.texture_hash AND later.head = one.head AND later.model = one.model
            AND later.id > one.id
        );

    CREATE TABLE embeddings (
        backbone TEXT NOT NULL,
        content BLOB NOT NULL,
        vector BLOB NOT NULL,
        PRIMARY KEY (backbone, content)
    ) STRICT;
    """,
    # Datasets (training.datasets). Heads are a JSON list, each with a number of its own; labels name heads by it. An
    # item's `trashed` is NULL while it is there, a time in the trash, '' when the step that added it was undone. Labels
    # and their categories are two tables, so that counting and filtering never open a value. What a step changed is
    # rows of before and after: at most one for each kind, item and head.
    """
    CREATE TABLE datasets (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        name TEXT NOT NULL,
        template TEXT NOT NULL,
        heads TEXT NOT NULL,
        next_head INTEGER NOT NULL,
        created TEXT NOT NULL,
        trashed TEXT
    ) STRICT;

    CREATE TABLE dataset_items (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        dataset INTEGER NOT NULL REFERENCES datasets (id) ON DELETE CASCADE,
        content BLOB NOT NULL CHECK (length(content) = 32),
        path BLOB NOT NULL,
        member TEXT NOT NULL,
        place TEXT NOT NULL, -- path and member as a person reads them, to search and to sort by
        source TEXT NOT NULL,
        bunch TEXT NOT NULL, -- the group: what must not be parted by a split
        width INTEGER NOT NULL,
        height INTEGER NOT NULL,
        size INTEGER NOT NULL,
        mtime_ns INTEGER NOT NULL,
        status TEXT NOT NULL CHECK (status IN ('ok', 'missing', 'unreadable')),
        note TEXT NOT NULL,
        split TEXT NOT NULL CHECK (split IN ('', 'train', 'val', 'test')),
        frozen INTEGER NOT NULL CHECK (frozen IN (0, 1)),
        added TEXT NOT NULL,
        trashed TEXT,
        UNIQUE (dataset, content)
    ) STRICT;
    CREATE INDEX dataset_items_there ON dataset_items (dataset, id) WHERE trashed IS NULL;
    CREATE INDEX dataset_items_place ON dataset_items (dataset, place) WHERE trashed IS NULL;
    CREATE INDEX dataset_items_split ON dataset_items (dataset, split) WHERE trashed IS NULL;
    CREATE INDEX dataset_items_trashed ON dataset_items (trashed) WHERE trashed IS NOT NULL;

    CREATE TABLE dataset_places ( -- further ones of the same content
        item INTEGER NOT NULL REFERENCES dataset_items (id) ON DELETE CASCADE,
        path BLOB NOT NULL,
        member TEXT NOT NULL,
        PRIMARY KEY (item, path, member)
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE dataset_labels (
        dataset INTEGER NOT NULL,
        head INTEGER NOT NULL,
        item INTEGER NOT NULL REFERENCES dataset_items (id) ON DELETE CASCADE,
        value TEXT NOT NULL,
        annotator TEXT NOT NULL,
        time TEXT NOT NULL,
        origin TEXT NOT NULL CHECK (origin IN ('person', 'import', 'model')),
        PRIMARY KEY (item, head)
    ) STRICT;
    CREATE INDEX dataset_labels_head ON dataset_labels (dataset, head, item);

    CREATE TABLE dataset_label_categories (
        dataset INTEGER NOT NULL,
        head INTEGER NOT NULL,
        category TEXT NOT NULL,
        item INTEGER NOT NULL REFERENCES dataset_items (id) ON DELETE CASCADE,
        PRIMARY KEY (dataset, head, category, item)
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX dataset_label_categories_item ON dataset_label_categories (item, head);

    CREATE TABLE dataset_steps (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        dataset INTEGER NOT NULL REFERENCES datasets (id) ON DELETE CASCADE,
        action TEXT NOT NULL,
        time TEXT NOT NULL,
        undone INTEGER NOT NULL DEFAULT 0 CHECK (undone IN (0, 1))
    ) STRICT;
    CREATE INDEX dataset_steps_undone ON dataset_steps (dataset, undone, id);

    CREATE TABLE dataset_changes (
        step INTEGER NOT NULL REFERENCES dataset_steps (id) ON DELETE CASCADE,
        kind TEXT NOT NULL,
        item INTEGER REFERENCES dataset_items (id) ON DELETE CASCADE,
        head INTEGER NOT NULL,
        before TEXT,
        after TEXT
    ) STRICT;
    CREATE INDEX dataset_changes_step ON dataset_changes (step);
    CREATE INDEX dataset_changes_item ON dataset_changes (item);

    CREATE TABLE dataset_versions (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        dataset INTEGER NOT NULL REFERENCES datasets (id) ON DELETE CASCADE,
        name TEXT NOT NULL,
        hash TEXT NOT NULL CHECK (length(hash) = 64),
        blob TEXT NOT NULL CHECK (length(blob) = 64),
        items INTEGER NOT NULL,
        created TEXT NOT NULL,
        UNIQUE (dataset, hash)
    ) STRICT;

    CREATE TABLE dataset_counter (version INTEGER NOT NULL) STRICT;
    INSERT INTO dataset_counter VALUES (0);
    """,
    # What is known of a picture beside its labels (training.datasets.metadata): an object, as JSON.
    """
    CREATE TABLE dataset_metadata (
        item INTEGER PRIMARY KEY REFERENCES dataset_items (id) ON DELETE CASCADE,
        value TEXT NOT NULL
    ) STRICT;
    """,
    # Second looks at labels (training.datasets.reviewing): what somebody thinks of one, and what others say instead.
    """
    CREATE TABLE dataset_reviews (
        dataset INTEGER NOT NULL,
        head INTEGER NOT NULL,
        item INTEGER NOT NULL REFERENCES dataset_items (id) ON DELETE CASCADE,
        state TEXT NOT NULL CHECK (state IN ('accepted', 'rejected')),
        note TEXT NOT NULL,
        reviewer TEXT NOT NULL,
        time TEXT NOT NULL,
        PRIMARY KEY (item, head)
    ) STRICT;
    CREATE INDEX dataset_reviews_head ON dataset_reviews (dataset, head, item);

    CREATE TABLE dataset_opinions (
        dataset INTEGER NOT NULL,
        head INTEGER NOT NULL,
        item INTEGER NOT NULL REFERENCES dataset_items (id) ON DELETE CASCADE,
        annotator TEXT NOT NULL,
        value TEXT NOT NULL,
        time TEXT NOT NULL,
        PRIMARY KEY (item, head, annotator)
    ) STRICT;
    CREATE INDEX dataset_opinions_head ON dataset_opinions (dataset, head, item);
    """,
    # Keys of what was said with one (training.datasets.labels): said again, by a journal, it is not done again.
    """
    CREATE TABLE dataset_acts (
        key TEXT NOT NULL PRIMARY KEY,
        dataset INTEGER NOT NULL REFERENCES datasets (id) ON DELETE CASCADE,
        time TEXT NOT NULL
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX dataset_acts_dataset ON dataset_acts (dataset);
    """,
)
